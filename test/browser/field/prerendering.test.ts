/** A page that the browser has prerendered by speculation rules: nobody may ever see it. Chromium alone prerenders. */
import { expect, test } from "vitest";
import { type Browser, type Page, SHOP_A, SHOP_B, poll } from "../harness/index.ts";
import { pause } from "../linked-shops.ts";
import { startChat, uniqueName } from "../shop.ts";
import { ALLOWED, addressOf, fieldPage, inEngines, saveOn, useField } from "./field.ts";
import { EARLY, prerender } from "./prerender.ts";

const TIMEOUT_MS = 1500;
const PRERENDERED_MS = 3000;

const field = useField();

inEngines(field, { chromium: ALLOWED.chromium }, (browser) => {
  function address(name: string): string {
    return addressOf(`${SHOP_A}/next`, { name, options: { timeoutMs: TIMEOUT_MS } });
  }

  async function openBefore(browser: Browser): Promise<Page> {
    field.world.sites.serve("shop-a.test", "/before", fieldPage({ head: "" }));
    field.world.sites.serve("shop-a.test", "/next", fieldPage(EARLY));
    return browser.open(`${SHOP_A}/before`);
  }

  test("without prerendering, the session is there", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const page = await openBefore(browser());
    await page.goto(address(name));
    await page.waitFor(() => carried === "from b");
    expect(await page.eval(() => activated)).toBe(0);
  });

  test("time runs from activation: the hub's session is there, long after timeoutMs in the background", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const page = await openBefore(browser());
    const activate = await prerender(field.world, page, address(name));
    await pause(page, PRERENDERED_MS);
    const shown = await activate(browser());
    await shown.waitFor(() => typeof carried !== "undefined");
    expect(await shown.eval(() => carried)).toBe("from b");
    expect(await shown.eval(() => provider.status.access)).toBe("granted");
    expect(await shown.eval(() => errors)).toEqual([]);
  });

  test("nothing is sent to the hub, nor written, before activation", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const page = await openBefore(browser());
    // There is something to save: a live chat that the hub has not seen.
    await startChat(page, name, "own");
    const activate = await prerender(field.world, page, address(name));
    await pause(page, PRERENDERED_MS);
    const shown = await activate(browser());
    expect(await shown.eval(() => early)).toEqual([]);
    await shown.waitFor(() => events.some(({ type }) => type === "saved"));
    expect(await shown.eval(() => carried)).toBe("own");
    await poll(async () => (await shown.eval(() => provider.saveCookie())) || undefined, { what: "a save" });
  });
});
