/** Chromium with third-party cookies blocked: without a grant the chat stays on its site; with one the session is shared. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import {
  IFRAME_URL,
  clear,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  startChat,
  status,
  testCookies,
  uniqueName,
  visibleSessions,
  warnings,
} from "./shop.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
});

afterAll(() => world?.close());

async function sessionOnHub(browser: Browser, name: string): Promise<string | undefined> {
  const hubCookie = (await browser.cookies()).find((cookie) => cookie.name.endsWith(`.${name}`));
  return hubCookie?.value;
}

describe("blocked, nobody asked", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await world.launch({ policy: "block" });
  });

  afterEach(() => closeTabs(browser));

  test("the chat starts at once with the page's own session, and nothing is stored on the hub", async () => {
    const name = uniqueName();
    const a = await openShop(browser, SHOP_A, { name });
    expect(await load(a)).toBeNull();
    await startChat(a, name, "a's own");
    expect(await save(a)).toBe(false);
    await a.reload();
    expect(await load(a)).toBe("a's own");
    expect(await visibleSessions(a, name)).toEqual(["a's own"]);
    expect(await sessionOnHub(browser, name)).toBeUndefined();
    expect(await load(await openShop(browser, SHOP_B, { name }))).toBeNull();
  });

  test("cookieTest says no and status says why, without a warning in the console", async () => {
    const page = await openShop(browser, SHOP_A, { name: uniqueName() });
    expect(await testCookies(page)).toBe(false);
    expect(await page.eval(() => notifications)).toEqual([false]);
    expect(await status(page)).toEqual({
      access: "promptable",
      reason: "This browser blocks the hub's cookies on this page until the visitor grants storage access.",
    });
    expect(warnings(page)).toEqual([]);
  });

  test("nothing is written to the hub in vain", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    await save(page);
    await clear(page);
    expect(page.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  test("a chat that is ended is forgotten on its site", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    expect(await clear(page)).toBe(false);
    expect(await visibleSessions(page, name)).toEqual([]);
    await page.reload();
    expect(await load(page)).toBeNull();
  });
});

describe("refused by the visitor", () => {
  test("the chat starts with the page's own session", async () => {
    const browser = await world.launch({ policy: "deny", grants: [SHOP_A] });
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "own");
    expect(await load(page)).toBe("own");
    expect(await testCookies(page)).toBe(false);
    expect((await status(page)).access).toMatch(/^(promptable|blocked)$/);
    await browser.close();
  });
});

describe("granted earlier", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await world.launch({ policy: "grant", grants: [SHOP_A, SHOP_B] });
  });

  test("the session is shared without a click", async () => {
    const name = uniqueName();
    const a = await openShop(browser, SHOP_A, { name });
    await startChat(a, name, "chat");
    expect(await save(a)).toBe(true);
    const b = await openShop(browser, SHOP_B, { name });
    expect(await load(b)).toBe("chat");
    expect((await status(b)).access).toBe("granted");
    expect(await testCookies(b)).toBe(true);
    expect(await sessionOnHub(browser, name)).toBe("chat");

    expect(await clear(b)).toBe(true);
    await a.reload();
    expect(await load(a)).toBeNull();
  });

  test("the frame has access at each view, without a click", async () => {
    const name = uniqueName();
    for (const view of ["first", "second"]) {
      // Another address each time, so that the browser has no copy of the page.
      const page = await openShop(browser, SHOP_A, { name, iframeUrl: `${IFRAME_URL}?${view}` });
      await load(page);
      // What the Worker saw of the browser's header stands in the page that it answered with.
      const seen = await page.frameEval(
        () => JSON.parse(document.getElementById("carryover-config")?.textContent ?? "").storageAccess,
      );
      expect(seen).toBe("inactive");
      expect(await page.frameEval(() => document.hasStorageAccess())).toBe(true);
    }
  });
});
