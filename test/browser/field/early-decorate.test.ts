/** `decorate()` while the session is on its way: right after the constructor, during `loadCookie`, right after it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, SHOP_A, SHOP_B, type World, shopPage } from "../harness/index.ts";
import { HUB_ORIGIN, type Page } from "../harness/index.ts";
import { WAIT_LONGER, startOnA } from "../linked-shops.ts";
import { IFRAME_URL, uniqueName } from "../shop.ts";
import { startField } from "./ways-out.ts";

const DECORATED = /^https:\/\/shop-b\.test\/#carryover=[\w-]{22}$/;

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startField();
  const head = `${WAIT_LONGER}<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`;
  world.sites.serve("shop-a.test", "/bare", shopPage({ head }));
  world.sites.serve("shop-b.test", "/bare", shopPage({ head }));
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

/** A page of a site that has the session already, or has it from the hub's first word alone. */
async function open(origin: string): Promise<{ page: Page; name: string }> {
  const { name } = await startOnA(browser, "early");
  return { page: await browser.open(`${origin}/bare`), name };
}

const MOMENTS: [string, (name: string, iframeUrl: string, to: string) => Promise<string>][] = [
  ["right after the constructor", async (name, iframeUrl, to) => new CookieProvider(name, iframeUrl).decorate(to)],
  [
    "while loadCookie is under way",
    async (name, iframeUrl, to) => {
      const provider = new CookieProvider(name, iframeUrl);
      void provider.loadCookie();
      return provider.decorate(to);
    },
  ],
  [
    "right after loadCookie",
    async (name, iframeUrl, to) => {
      const provider = new CookieProvider(name, iframeUrl);
      await provider.loadCookie();
      return provider.decorate(to);
    },
  ],
];

test.each(MOMENTS)("%s waits for what is on its way", async (_, decorate) => {
  const { page, name } = await open(SHOP_A);
  expect(await page.eval(decorate, name, IFRAME_URL, `${SHOP_B}/`)).toMatch(DECORATED);
});

test.each(MOMENTS)("%s waits on a site that has the session from the hub", async (_, decorate) => {
  const { page, name } = await open(SHOP_B);
  expect(await page.eval(decorate, name, IFRAME_URL, `${SHOP_A}/`)).toMatch(/^https:\/\/shop-a\.test\/#carryover=/);
});

test.each(MOMENTS)("%s has the URL back where there is no session", async (_, decorate) => {
  const page = await browser.open(`${SHOP_A}/bare`);
  expect(await page.eval(decorate, uniqueName(), IFRAME_URL, `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
});

test("a hub that does not answer leaves the URL as it was", async () => {
  const { page, name } = await open(SHOP_A);
  world.setHub("silent");
  expect(await page.eval(MOMENTS[0]![1], name, IFRAME_URL, `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
  world.setHub("up");
});
