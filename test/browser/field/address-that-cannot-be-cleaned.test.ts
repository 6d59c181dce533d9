/**
 * What is done as a code arrives can fail: the page wraps `history.replaceState`, the address has a user and a password, there is no
 * storage. The script is there all the same, the chat arrives, and the address is cleaned if there is a way.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../../scripts/browsers/ensure-engine.ts";
import { type Browser, HUB_ORIGIN, type Page, SHOP_A, SHOP_B, type World, startWorld } from "../harness/index.ts";
import { BLOCKED, arrived, goOver, linkedShop, linksCarry, serveLinkedShops, startOnA } from "../linked-shops.ts";
import { forgetSite } from "../shop.ts";

const PROVIDER = `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`;
const THROW = `() => { throw new DOMException("Not here.", "SecurityError"); }`;

/** What a page does before our script, by host. */
const PAGES = {
  "throws.test": `history.replaceState = ${THROW};`,
  "ignores.test": `history.replaceState = () => {};`,
  "fetch-throws.test": `Object.defineProperty(window, "fetch", { value: ${THROW} });`,
  "no-storage.test": `Object.defineProperty(window, "sessionStorage", { get: ${THROW} });`,
  "null-storage.test": `Object.defineProperty(window, "sessionStorage", { value: null });`,
  "full-storage.test": `Storage.prototype.setItem = ${THROW};`,
  "no-uuid.test": `crypto.randomUUID = undefined;`,
};

let world: World;

beforeAll(async () => {
  const origins = Object.keys(PAGES).map((host) => `https://${host}`);
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, ...origins]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test"]);
  for (const [host, script] of Object.entries(PAGES))
    serveLinkedShops(world, [host], {}, `<script>isOdd = true; ${script}</script>${PROVIDER}`);
});

afterAll(() => world?.close());

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`a code (${why ?? "had here"})`, () => {
    let browser: Browser;
    let page: Page;
    let name: string;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
      ({ page, name } = await startOnA(browser, "begun-on-a"));
    });

    afterAll(() => browser?.close());

    afterEach(() => forgetSite(page));

    async function goTo(origin: string, rest = ""): Promise<void> {
      await page.goto(linkedShop(SHOP_A, { name }));
      await linksCarry(page);
      expect(await goOver(page, linkedShop(origin, { name, rest }))).toBe("begun-on-a");
      expect(await page.eval(() => errors)).toEqual([]);
      expect(await page.eval(() => location.href)).not.toContain("carryover");
    }

    test("arrives, and is taken off the address: the positive control", async () => {
      await goTo(SHOP_B);
      expect(await page.eval(() => "isOdd" in globalThis)).toBe(false);
    });

    test.each(Object.keys(PAGES))("arrives at %s", async (host) => {
      await goTo(`https://${host}`);
      expect(await page.eval(() => "isOdd" in globalThis)).toBe(true);
      await forgetSite(page);
      await goTo(`https://${host}`, "#section");
      expect(await page.eval(() => location.hash)).toBe("#section");
    });

    test("arrives at an address with a user and a password", async () => {
      await page.goto(linkedShop(SHOP_A, { name }));
      await linksCarry(page);
      const link = await page.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name }));
      expect(link).toContain("#carryover=");
      await page.eval((link) => location.assign(link.replace("https://", "https://user:password@")), link);
      expect(await arrived(page, SHOP_B)).toBe("begun-on-a");
      expect(await page.eval(() => errors)).toEqual([]);
      expect(await page.eval(() => location.href)).not.toContain("carryover");
    });
  });
});
