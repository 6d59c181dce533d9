/** A page that is rendered before the visitor goes there: nobody may ever see it. */
import { expect, test } from "vitest";
import { SHOP_A, SHOP_B } from "../harness/index.ts";
import { linksCarry, pause } from "../linked-shops.ts";
import { startChat, uniqueName } from "../shop.ts";
import { ALLOWED, addressOf, fieldPage, inEngines, linkedPage, loadedOn, saveOn, useField } from "./field.ts";
import { PRERENDERED } from "./prerendered-page.ts";

const TIMEOUT_MS = 1500;
const PRERENDERED_MS = 3000;

const field = useField();

inEngines(field, ALLOWED, (browser) => {
  const open = (name: string, hash = "") => {
    field.world.sites.serve("shop-a.test", "/next", fieldPage(PRERENDERED));
    return browser().open(addressOf(`${SHOP_A}/next`, { name, options: { timeoutMs: TIMEOUT_MS }, hash }));
  };

  test("time runs from activation: the hub's session is there, long after timeoutMs in the background", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const page = await open(name);
    await pause(page, PRERENDERED_MS);
    expect(await page.eval(() => typeof carried)).toBe("undefined");
    await page.eval(() => activate());
    expect(await loadedOn(page)).toBe("from b");
    expect(await page.eval(() => provider.status.access)).toBe("granted");
  });

  test("nothing is asked by the page, nor written, before activation", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const before = await browser().open(`${SHOP_A}/before`);
    // There is something to save: a live chat that the hub has not seen.
    await startChat(before, name, "own");
    const page = await open(name);
    await pause(page, PRERENDERED_MS);
    expect(await page.eval(() => early)).toEqual([]);
    await page.eval(() => activate());
    expect(await loadedOn(page)).toBe("own");
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
  });

  test("a code that a link has brought is redeemed after activation", async () => {
    const name = uniqueName();
    field.world.sites.serve("shop-b.test", "/*", linkedPage());
    const from = await browser().open(addressOf(`${SHOP_B}/`, { name }));
    await loadedOn(from);
    await startChat(from, name, "by the link");
    await from.eval(() => provider.saveCookie());
    await linksCarry(from);
    const to = addressOf(`${SHOP_A}/next`, { name, options: { timeoutMs: TIMEOUT_MS } });
    field.world.sites.serve("shop-a.test", "/next", fieldPage(PRERENDERED));
    const href = await from.eval((to) => provider.decorate(to), to);
    expect(href).toContain("#carryover=");
    await from.eval((href) => {
      setTimeout(() => location.assign(href));
    }, href);
    await from.waitFor(() => location.pathname === "/next");
    await pause(from, PRERENDERED_MS);
    expect(await from.eval(() => [early, location.hash.includes("carryover")])).toEqual([[], false]);
    await from.eval(() => activate());
    expect(await loadedOn(from)).toBe("by the link");
  });
});
