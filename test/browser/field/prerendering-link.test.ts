/** A prerendered address with a handoff code in it: a page of the same site's other origin may have one prerendered. */
import { expect, test } from "vitest";
import { type Page, SHOP_A } from "../harness/index.ts";
import { linksCarry, pause } from "../linked-shops.ts";
import { uniqueName } from "../shop.ts";
import { BLOCKED, addressOf, fieldPage, follow, inEngines, linkedPage, loadedOn, useField } from "./field.ts";
import { EARLY, prerender } from "./prerender.ts";

const WWW = "https://www.shop-a.test";

const field = useField([WWW]);

inEngines(field, { chromium: BLOCKED.chromium }, (browser) => {
  /** A chat whose cookie the other origin of the site does not see. */
  async function chatOnWww(name: string, session: string): Promise<Page> {
    field.world.sites.serve("www.shop-a.test", "/*", linkedPage());
    field.world.sites.serve(
      "shop-a.test",
      "/next",
      fieldPage({ ...EARLY, headers: { "supports-loading-mode": "credentialed-prerender" } }),
    );
    const page = await browser().open(addressOf(`${WWW}/`, { name }));
    await loadedOn(page);
    await page.eval(
      (name, session) => {
        document.cookie = `${name}=${session}; Path=/; Secure`;
      },
      name,
      session,
    );
    await page.eval(() => provider.saveCookie());
    await linksCarry(page);
    return page;
  }

  test("without prerendering, the link brings the session", async () => {
    const name = uniqueName();
    const page = await chatOnWww(name, "control");
    expect(await follow(page, addressOf(`${SHOP_A}/next`, { name }))).toBe("control");
  });

  test("the code is redeemed after activation, and brings the session", async () => {
    const name = uniqueName();
    const page = await chatOnWww(name, "by the link");
    const href = await page.eval((to) => provider.decorate(to), addressOf(`${SHOP_A}/next`, { name }));
    expect(href).toContain("#carryover=");
    await page.eval(() => provider.destroy());
    const activate = await prerender(field.world, page, href);
    await pause(page, 3000);
    const shown = await activate(browser());
    await shown.waitFor(() => typeof carried !== "undefined");
    expect(await shown.eval(() => early)).toEqual([]);
    expect(await shown.eval(() => carried)).toBe("by the link");
    expect(await shown.eval(() => location.hash)).toBe("");
  });
});
