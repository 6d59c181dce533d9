/** Links that tell somebody where they lead (`<a ping>`). A code is nobody's but the next page's. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SHOP_B, type World, poll } from "../harness/index.ts";
import { type Page } from "../harness/index.ts";
import { arrived, goOver, linkedShop, putHtml, startOnA } from "../linked-shops.ts";
import { inEachEngine, restOnIt, startField } from "./ways-out.ts";

const PING = `ping="/count https://count.test/"`;

let world: World;

beforeAll(async () => {
  world = await startField();
  world.sites.serve("count.test", "/*", { body: "" });
});

afterAll(() => world?.close());

beforeEach(() => world.sites.clearLog());

function pings(): (string | undefined)[] {
  return ["shop-a.test", "count.test"]
    .flatMap((host) => world.sites.log(host))
    .flatMap(({ headers }) => headers["ping-to"] ?? []);
}

function addressesInPings(): string {
  return JSON.stringify(["shop-a.test", "count.test"].map((host) => world.sites.log(host)));
}

// Firefox sends none.
inEachEngine(
  ["chromium", "webkit"],
  () => world,
  (browser, engine) => {
    async function start(attributes = ""): Promise<{ page: Page; href: string }> {
      const { page, name } = await startOnA(browser(), "along");
      const href = linkedShop(SHOP_B, { name });
      await putHtml(page, `<a id="over" ${PING} ${attributes} href="${href.replaceAll("&", "&amp;")}">Over</a>`);
      return { page, href };
    }

    test("a link that carries nothing is counted", async () => {
      const { page, name } = await startOnA(browser(), "kept", { handoff: false });
      await goOver(page, linkedShop(SHOP_B, { name }), PING);
      await poll(() => pings().length === 2, { what: "both pings" });
      expect(new Set(pings())).toEqual(new Set([linkedShop(SHOP_B, { name })]));
    });

    test.each(["", `target="_blank"`])("no code is in the ping of a link %s that is clicked", async (attributes) => {
      const { page } = await start(attributes);
      const there = attributes ? await page.popup(() => page.click("#over")) : (await page.click("#over"), page);
      expect(await arrived(there, SHOP_B)).toBe("along");
      expect(addressesInPings()).not.toContain("carryover=");
    });

    test("nor of one that is opened by the keyboard", async () => {
      const { page } = await start();
      await page.eval(() => document.getElementById("over")?.focus());
      await page.press("Enter");
      expect(await arrived(page, SHOP_B)).toBe("along");
      expect(addressesInPings()).not.toContain("carryover=");
    });

    test("nor of one that the page has decorated itself", async () => {
      const { page, href } = await start();
      await page.eval(async (href) => {
        document.getElementById("over")?.setAttribute("href", await provider.decorate(href));
      }, href);
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("along");
      expect(addressesInPings()).not.toContain("carryover=");
    });

    // Codes are seen to be there in Chromium alone.
    test.each(
      engine === "chromium" ? ([{ modifier: "ctrl" }, { modifier: "shift" }, { button: "middle" }] as const) : [],
    )("nor of one that is opened aside, by %o", async (options) => {
      const { page } = await start();
      await restOnIt(page);
      const tab = await page.popup(() => page.click("#over", options));
      expect(await arrived(tab, SHOP_B)).toBe("along");
      expect(addressesInPings()).not.toContain("carryover=");
    });
  },
);
