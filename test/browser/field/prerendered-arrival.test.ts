/**
 * A page is rendered in advance, by speculation rules, at an address with a code. Nobody may ever come to see it: the code is used
 * when somebody does.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, HUB_ORIGIN, SHOP_B, type World, poll, startWorld } from "../harness/index.ts";
import { arrived, linkedShop, loaded, serveLinkedShops } from "../linked-shops.ts";
import { uniqueName } from "../shop.ts";
import { type HubInBetween, standInBetween } from "./hub-in-between.ts";

/** Of the same site: pages of others are not rendered in advance. */
const WWW = "https://www.shop-b.test";
const HERE = "/here";

let world: World;
let hub: HubInBetween;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_B, WWW]) } });
  const provider = `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`;
  serveLinkedShops(world, ["shop-b.test"]);
  serveLinkedShops(
    world,
    ["www.shop-b.test"],
    { "supports-loading-mode": "credentialed-prerender" },
    `${provider}<script>void fetch("${HERE}");</script>`,
  );
  hub = standInBetween(world);
  browser = await world.launch({ policy: "block" });
});

afterAll(() => world?.close());

test("a page that is rendered in advance redeems its code once it is seen, and has the chat", async () => {
  const name = uniqueName();
  const page = await browser.open(linkedShop(SHOP_B, { name }));
  await loaded(page);
  await page.eval((name) => (document.cookie = `${name}=begun-on-b; Path=/; Secure`), name);
  await page.eval(() => provider.saveCookie());
  const link = await poll(
    async () => {
      const to = linkedShop(WWW, { name });
      const link = await page.eval((to) => provider.decorate(to), to);
      return link !== to && link;
    },
    { what: "a link with a code" },
  );
  await page.eval((url) => {
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    rules.textContent = JSON.stringify({ prerender: [{ source: "list", urls: [url], eagerness: "immediate" }] });
    document.head.append(rules);
  }, link);
  await poll(async () => world.sites.log("www.shop-b.test").some(({ path }) => path === HERE), {
    what: "the script after ours in the page that is rendered in advance",
  });
  expect(hub.redeems).toEqual([]);
  await page.eval((link) => location.assign(link), link);
  expect(await arrived(page, WWW)).toBe("begun-on-b");
  expect(hub.redeems).toEqual(["/redeem"]);
  expect(await page.eval(() => location.hash)).toBe("");
  // The condition was there.
  const activationStart = () =>
    (
      performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming & {
        readonly activationStart: number;
      }
    ).activationStart;
  expect(await page.eval(activationStart)).toBeGreaterThan(0);
});
