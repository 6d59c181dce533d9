/**
 * A page that a link has led to goes on, by a script or by a reload, while its code is being redeemed. The code is off the address
 * by then. The next page of the site, in the same tab, has the chat.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { HUB_ORIGIN, SHOP_A, SHOP_B, type World, poll, shopPage, startWorld } from "../harness/index.ts";
import { linkedShop, linksCarry, loaded, putHtml, serveLinkedShops } from "../linked-shops.ts";
import { forgetSite } from "../shop.ts";
import { BEGUN_ON_A, withChatOnA } from "./chat-on-a.ts";
import { type HubInBetween, standInBetween } from "./hub-in-between.ts";

const STRICT = "https://shop-c.test";
const EVIL = "https://evil.test";
const KEY = "carryover:arrival";

let world: World;
let hub: HubInBetween;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, STRICT]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test", "evil.test"]);
  // There the hub's iframe has to redeem.
  const policy = `default-src 'self' 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval' ${HUB_ORIGIN}; frame-src ${HUB_ORIGIN}`;
  serveLinkedShops(world, ["shop-c.test"], { "content-security-policy": policy });
  const plain = `<script>location.replace("/next" + location.search);</script>`;
  world.sites.serve("shop-b.test", "/plain", shopPage({ head: plain }));
  world.sites.serve("shop-b.test", "/bare", shopPage());
  hub = standInBetween(world);
});

afterAll(() => world?.close());

withChatOnA(
  () => world,
  "a page that goes on meanwhile",
  (chat) => {
    afterEach(() => forgetSite(chat.page));

    /** Follows a link from shop A, and resolves once its code is being redeemed. */
    async function follow(to: string, before: "hub" | "answer") {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      const redeem = hub.holdNextRedeem(before);
      const href = linkedShop(to, { name: chat.name });
      await putHtml(chat.page, `<a id="over" href="${href.replaceAll("&", "&amp;")}">Our other shop</a>`);
      await chat.page.click("#over");
      return redeem;
    }

    /** @returns the session on the next page */
    async function goOn(script: string): Promise<string | null | undefined> {
      await chat.page.eval("globalThis.isFirst = true");
      await chat.page.eval(script);
      await poll(() => chat.page.eval(() => !("isFirst" in globalThis) && carried !== undefined).catch(() => false), {
        what: "the next page's session",
        timeoutMs: 15_000,
      });
      return chat.page.eval(() => carried);
    }

    const next = `"/next" + location.search`;

    test.each([
      ["a redirect by script", "hub", `location.replace(${next})`],
      ["a redirect by script", "answer", `location.replace(${next})`],
      ["another address", "answer", `location.href = ${next}`],
      ["a page without our script", "answer", `location.replace("/plain" + location.search)`],
      ["a reload", "answer", `location.reload()`],
      [
        "a meta refresh",
        "answer",
        `document.head.insertAdjacentHTML("beforeend", '<meta http-equiv="refresh" content="0;url=/next' + location.search + '">')`,
      ],
    ] as const)("loses nothing by %s, before the %s", async (_, before, script) => {
      const { release } = await follow(SHOP_B, before);
      await chat.page.waitFor(() => document.readyState === "complete");
      expect(await chat.page.eval(() => [location.origin, location.hash, "carried" in globalThis])).toEqual([
        SHOP_B,
        "",
        false,
      ]);
      expect(await goOn(script)).toBe(BEGUN_ON_A);
      release();
      // It was the next page's, and is nobody's any more.
      await chat.page.waitFor(() => sessionStorage.getItem("carryover:arrival") === null);
    });

    test("loses nothing where the hub's iframe redeems", async () => {
      const { path, release } = await follow(STRICT, "answer");
      expect(path).toBe("/t/acme/handoff/redeem");
      expect(await goOn(`location.replace(${next})`)).toBe(BEGUN_ON_A);
      release();
    });

    test("leaves nothing to a page that comes later", async () => {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      const link = await chat.page.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name: chat.name }));
      const codes = new URL(link).hash.slice("#carryover=".length);
      const openAfter = async (ageMs: number) => {
        await chat.page.goto(`${SHOP_B}/bare`);
        await chat.page.eval(
          (key, codes, referrer, ageMs) => {
            const claim = crypto.randomUUID();
            sessionStorage.setItem(key, JSON.stringify({ codes, claim, referrer, atMs: Date.now() - ageMs }));
          },
          KEY,
          codes,
          SHOP_A,
          ageMs,
        );
        await chat.page.goto(linkedShop(SHOP_B, { name: chat.name }));
        return loaded(chat.page);
      };
      const before = hub.redeems.length;
      expect(await openAfter(60_000)).toBeNull();
      expect(hub.redeems).toHaveLength(before);
      // The positive control.
      expect(await openAfter(0)).toBe(BEGUN_ON_A);
    });

    test("is not taken for a page of this site that has sent the visitor on: the link was a stranger's", async () => {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      const link = await chat.page.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name: chat.name }));
      expect(link).toContain("#carryover=");
      await chat.page.goto(linkedShop(EVIL, { name: chat.name }));
      const redeem = hub.holdNextRedeem("hub");
      await putHtml(chat.page, `<a id="over" href="${link.replaceAll("&", "&amp;")}">Prizes</a>`);
      await chat.page.click("#over");
      const { release } = await redeem;
      expect(await goOn(`location.replace(${next})`)).toBeNull();
      release();
    });
  },
);
