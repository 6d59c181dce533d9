/**
 * What is done as a code arrives can fail: the page wraps `history.replaceState`, the address has a user and a password, there is no
 * storage. The script is there all the same, the chat arrives, and the address is cleaned if there is a way.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { HUB_ORIGIN, SHOP_A, SHOP_B, type World, startWorld, variantsIn } from "../harness/index.ts";
import { arrived, goOver, linkedShop, linksCarry, serveLinkedShops } from "../linked-shops.ts";
import { forgetSite } from "../shop.ts";
import { BEGUN_ON_A, withChatOnA } from "./chat-on-a.ts";

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

withChatOnA(
  () => world,
  "a code",
  (chat, engine) => {
    afterEach(() => forgetSite(chat.page));

    async function goTo(origin: string, rest = ""): Promise<void> {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      expect(await goOver(chat.page, linkedShop(origin, { name: chat.name, rest }))).toBe(BEGUN_ON_A);
      expect(await chat.page.eval(() => errors)).toEqual([]);
      expect(await chat.page.eval(() => location.href)).not.toContain("carryover");
    }

    test("arrives, and is taken off the address: the positive control", async () => {
      await goTo(SHOP_B);
      expect(await chat.page.eval(() => "isOdd" in globalThis)).toBe(false);
    });

    test.each(variantsIn(engine, Object.keys(PAGES), 3))("arrives at %s", async (host) => {
      await goTo(`https://${host}`);
      expect(await chat.page.eval(() => "isOdd" in globalThis)).toBe(true);
      await forgetSite(chat.page);
      await goTo(`https://${host}`, "#section");
      expect(await chat.page.eval(() => location.hash)).toBe("#section");
    });

    test("arrives at an address with a user and a password", async () => {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      const link = await chat.page.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name: chat.name }));
      expect(link).toContain("#carryover=");
      await chat.page.eval((link) => location.assign(link.replace("https://", "https://user:password@")), link);
      expect(await arrived(chat.page, SHOP_B)).toBe(BEGUN_ON_A);
      expect(await chat.page.eval(() => errors)).toEqual([]);
      expect(await chat.page.eval(() => location.href)).not.toContain("carryover");
    });
  },
);
