/** Links that still say http: to a site that has https. A code never goes over http, where anybody on the way could read it. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SHOP_B, type World } from "../harness/index.ts";
import { arrived, linkedShop, startOnA } from "../linked-shops.ts";
import { ENGINES, inEachEngine, startField } from "./ways-out.ts";

let world: World;

beforeAll(async () => {
  world = await startField();
});

afterAll(() => world?.close());

beforeEach(() => world.sites.clearLog());

inEachEngine(
  ENGINES,
  () => world,
  (browser) => {
    test("a link to http: goes to https at once, with the chat", async () => {
      const { page, name } = await startOnA(browser(), "upgraded");
      const href = linkedShop("http://shop-b.test", { name });
      await page.eval((href) => {
        const over = document.createElement("a");
        over.id = "over";
        over.href = href;
        over.textContent = "Over";
        document.getElementById("room")?.append(over);
      }, href);
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("upgraded");
      expect(world.sites.log("shop-b.test").map(({ scheme }) => scheme)).not.toContain("http");
    });

    test("decorate says https, too", async () => {
      const { page } = await startOnA(browser(), "decorated");
      const url = await page.eval(() => provider.decorate("http://shop-b.test/sale#now"));
      expect(url).toMatch(/^https:\/\/shop-b\.test\/sale#carryover=[\w-]{22}&now$/);
    });

    test("a port of its own is another site", async () => {
      const { page } = await startOnA(browser(), "kept");
      const url = "http://shop-b.test:8080/";
      expect(await page.eval((url) => provider.decorate(url), url)).toBe(url);
    });
  },
);
