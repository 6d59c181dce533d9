/** A page that makes its provider only once the visitor has agreed to it, long after a link has led there. */
import { expect, test } from "vitest";
import { type Page, SHOP_A } from "../harness/index.ts";
import { linksCarry, redeemFromHub, sessionOf } from "../linked-shops.ts";
import {
  BLOCKED,
  SCRIPT,
  addressOf,
  chatOnPage,
  clickOver,
  inEngines,
  linkedPage,
  loadedOn,
  useField,
} from "./field.ts";

const BANNER = `<button id="agree" onclick="startProvider(); loadSession()">I agree</button>`;

const field = useField();

inEngines(field, BLOCKED, (browser) => {
  /** A visitor follows a link to a page that has the script, and no provider yet. */
  async function arrive(session: string): Promise<{ page: Page; name: string; code: string; to: string }> {
    const to = field.freshShop();
    field.world.sites.serve(new URL(to).host, "/*", linkedPage({ head: SCRIPT, body: BANNER }));
    const { page, name } = await chatOnPage(browser(), `${SHOP_A}/`, session);
    await linksCarry(page);
    const href = await page.eval((to) => provider.decorate(to), addressOf(`${to}/`, { name }));
    await page.eval(() => provider.destroy());
    await clickOver(page, href);
    await page.waitFor(() => !!document.querySelector("#agree"));
    return { page, name, code: new URL(href).hash.replace("#carryover=", ""), to };
  }

  test("the code is redeemed as the script runs, and kept for the provider in memory alone", async () => {
    const { page, name, code, to } = await arrive("kept");
    await page.waitFor(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/redeem")));
    expect(await page.eval(() => typeof provider)).toBe("undefined");
    expect(await redeemFromHub(browser(), code, name, to)).toBe(403);
    // Nobody has agreed to anything yet.
    expect(await sessionOf(page, name)).toBeUndefined();
    const found = await page.eval(() =>
      [localStorage, sessionStorage].flatMap((storage) => Object.values<string>(storage)).concat(location.href),
    );
    expect(found.join("\n")).not.toMatch(/kept|carryover=/);
    await page.click("#agree");
    expect(await loadedOn(page)).toBe("kept");
    expect(await sessionOf(page, name)).toBe("kept");
  });

  test("a visitor who never agrees leaves with no session behind", async () => {
    const { page, name, to } = await arrive("declined");
    // Until then the page may be about to lead on to another one.
    await page.waitFor(() => sessionStorage.length === 0);
    await page.goto(addressOf(`${to}/`, { name }));
    await page.click("#agree");
    expect(await loadedOn(page)).toBeNull();
  });
});
