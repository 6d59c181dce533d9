/** A provider whose frame the page has removed: its code never comes, and costs the others nothing. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, SHOP_B, type World } from "../harness/index.ts";
import { BLOCKED, goOver, linkedShop, startOnA } from "../linked-shops.ts";
import { IFRAME_URL, uniqueName } from "../shop.ts";
import { startField } from "./ways-out.ts";

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startField();
  browser = await world.launch(BLOCKED.chromium);
});

afterAll(() => world?.close());

/** Chromium keeps the frame's channel open for a moment after it is gone. */
function removeFrames(): void {
  for (const frame of document.querySelectorAll("iframe")) frame.remove();
}

async function addProvider(name: string, iframeUrl: string): Promise<void> {
  const added = new CookieProvider(name, iframeUrl);
  await added.loadCookie();
  while ((await added.decorate("https://shop-b.test/")) === "https://shop-b.test/");
}

test("the page's newer provider of the same cookie has its code taken along", async () => {
  const { page, name } = await startOnA(browser, "same");
  await page.eval(removeFrames);
  await page.eval(addProvider, name, IFRAME_URL);
  const codes = await page.eval(() => provider.decorate("https://shop-b.test/"));
  expect(codes).toMatch(/#carryover=[\w-]{22}$/);
  expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("same");
});

test("another cookie's provider has its code taken along", async () => {
  const { page } = await startOnA(browser, "stale");
  const other = uniqueName();
  await page.eval(removeFrames);
  await page.eval((other) => {
    document.cookie = `${other}=fresh; Path=/; Secure`;
  }, other);
  await page.eval(addProvider, other, IFRAME_URL);
  expect(await goOver(page, linkedShop(SHOP_B, { name: other }))).toBe("fresh");
});
