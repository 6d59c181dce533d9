/** Whatever goes wrong with the hub, the chat starts, and one warning says what to fix. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type World,
  shopPage,
  startWorld,
} from "./harness/index.ts";
import {
  IFRAME_URL,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  startChat,
  status,
  testCookies,
  uniqueName,
  warnings,
} from "./shop.ts";

const TIMEOUT_MS = 1500;
const options = { timeoutMs: TIMEOUT_MS };
let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({
    tenants: {
      acme: JSON.stringify([SHOP_A, SHOP_B]),
      malformed: "{",
    },
  });
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

beforeEach(() => {
  world.sites.reset();
  serveShops(world, ["shop-a.test", "shop-b.test", "stranger.test"]);
});

afterEach(async () => {
  world.setHub("up");
  await closeTabs(browser);
});

/** A page whose provider's script is there, while the hub behind it is not: as from the browser's cache. */
async function openWithHub(state: Parameters<World["setHub"]>[0], name: string, iframeUrl = IFRAME_URL): Promise<Page> {
  const page = await openShop(browser, SHOP_A, { name: uniqueName() });
  await load(page);
  await page.eval(() => provider.destroy());
  world.setHub(state);
  await page.eval(
    (name, iframeUrl, options) => {
      events = [];
      provider = new CookieProvider(name, iframeUrl, undefined, options);
      for (const type of ["status", "session", "saved"]) {
        provider.addEventListener(type, (event) => events.push({ type, detail: (event as CustomEvent).detail }));
      }
    },
    name,
    // Another address each time, so that the browser has no copy of the page.
    `${iframeUrl}?${name}`,
    options,
  );
  return page;
}

/** The answers of every call; `late` if a timer of `timeoutMs` that was set after them all comes first. */
async function callEverything(page: Page) {
  return page.eval((timeoutMs) => {
    const answers = Promise.all([provider.loadCookie(), provider.saveCookie(), provider.cookieTest()]);
    const late = new Promise((resolve) => setTimeout(() => setTimeout(resolve, timeoutMs, "late")));
    return Promise.race([answers, late]);
  }, TIMEOUT_MS);
}

describe("the hub", () => {
  test("that refuses connections costs the page no more than timeoutMs, and one warning", async () => {
    const name = uniqueName();
    const page = await openWithHub("refusing", name);
    await startChat(page, name, "own");
    expect(await callEverything(page)).toEqual(["own", false, false]);
    expect(await status(page)).toMatchObject({
      access: "unreachable",
      reason: expect.stringContaining("did not load"),
    });
    expect(await callEverything(page)).toEqual(["own", false, false]);
    expect(warnings(page)).toEqual([
      `warning: Carryover: the chat stays on this site. ${IFRAME_URL}?${name} did not load: check network, CSP.`,
    ]);
  });

  test("that never answers costs timeoutMs once, and nothing after that", async () => {
    const name = uniqueName();
    const page = await openWithHub("silent", name);
    await startChat(page, name, "own");
    expect(await callEverything(page)).toEqual(["own", false, false]);
    const second = await page.eval(() =>
      Promise.race([provider.loadCookie(), new Promise((resolve) => setTimeout(resolve, 500, "late"))]),
    );
    expect(second).toBe("own");
    expect(warnings(page)).toEqual([
      `warning: Carryover: the chat stays on this site. No answer within ${TIMEOUT_MS} ms.`,
    ]);
  });

  test("that answers late brings the session by event, into the page's cookie", async () => {
    const name = uniqueName();
    const b = await openShop(browser, SHOP_B, { name });
    await startChat(b, name, "from b");
    expect(await save(b)).toBe(true);

    const page = await openWithHub({ delayMs: 1200 }, name);
    expect(await load(page)).toBeNull();
    const arrived = await page.waitFor(() => events.find(({ type }) => type === "session"));
    expect(arrived).toEqual({ type: "session", detail: { value: "from b" } });
    expect(await page.eval((name) => document.cookie.includes(`${name}=from b`), name)).toBe(true);
    expect((await status(page)).access).toBe("granted");
    expect(await page.eval(() => events.filter(({ type }) => type === "session").length)).toBe(1);
  });

  test("that answers late keeps its hands off a chat that began meanwhile, and saves that", async () => {
    const name = uniqueName();
    const b = await openShop(browser, SHOP_B, { name });
    await startChat(b, name, "from b");
    await save(b);

    const page = await openWithHub({ delayMs: 1200 }, name);
    expect(await load(page)).toBeNull();
    await startChat(page, name, "began meanwhile");
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
    expect(await page.eval((name) => document.cookie.includes(`${name}=began meanwhile`), name)).toBe(true);
    expect(await page.eval(() => events.filter(({ type }) => type === "session"))).toEqual([]);
    await b.reload();
    expect(await load(b)).toBe("began meanwhile");
  });

  test("that comes back saves what had to wait, and says so", async () => {
    const name = uniqueName();
    const page = await openWithHub({ delayMs: 1200 }, name);
    await startChat(page, name, "waiting");
    expect(await save(page)).toBe(false);
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
    expect(await load(await openShop(browser, SHOP_B, { name }))).toBe("waiting");
  });

  test("whose write fails says so, and the session is saved at the next load", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await load(page);
    // The frame is there.
    await save(page);
    await page.eval(() => provider.cookieTest());
    await startChat(page, name, "v");
    world.setHub("refusing");
    expect(await save(page)).toBe(false);
    expect((await status(page)).access).toBe("granted");
    expect((await status(page)).reason).toContain("Failed to fetch");
    world.setHub("up");
    await page.reload();
    expect(await load(page)).toBe("v");
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
    expect(await load(await openShop(browser, SHOP_B, { name }))).toBe("v");
  });
});

describe("a page", () => {
  test("whose CSP keeps the frame out is told at once what to add", async () => {
    serveShops(world, ["shop-a.test"], {
      "content-security-policy": `script-src ${HUB_ORIGIN} 'unsafe-inline'; frame-src 'self'`,
    });
    const page = await openShop(browser, SHOP_A, { name: uniqueName(), options: { timeoutMs: 60_000 } });
    expect(await load(page)).toBeNull();
    // Loading works all the same, by the page's own request.
    await page.waitFor(() => provider.status.access === "untrusted");
    expect(await status(page)).toEqual({
      access: "untrusted",
      reason: `Not let in: add ${SHOP_A} to TRUSTED_DOMAINS, ${HUB_ORIGIN} to frame-src. Or its message events are stopped.`,
    });
    expect(warnings(page)).toHaveLength(1);
  });

  test.each(["default-src 'self'", "child-src 'self'"])(
    "with %s, which forbids to ask the hub as well, is told what to check",
    async (directive) => {
      serveShops(world, ["shop-a.test"], {
        "content-security-policy": `${directive}; script-src ${HUB_ORIGIN} 'unsafe-inline'; connect-src 'none'`,
      });
      const page = await openShop(browser, SHOP_A, { name: uniqueName(), options: { timeoutMs: 60_000 } });
      expect(await load(page)).toBeNull();
      expect((await status(page)).reason).toContain("did not load: check network, CSP.");
    },
  );

  test("with the CSP that docs/content-security-policy.md asks for works", async () => {
    serveShops(world, ["shop-a.test"], {
      "content-security-policy": `default-src 'none'; script-src ${HUB_ORIGIN} 'unsafe-inline'; frame-src ${HUB_ORIGIN}; connect-src ${HUB_ORIGIN}; require-trusted-types-for 'script'; trusted-types 'none'`,
    });
    const page = await openShop(browser, SHOP_A, { name: uniqueName() });
    expect(await load(page)).toBeNull();
    expect((await status(page)).access).toBe("granted");
    expect(page.consoleMessages.filter(({ type }) => type === "error")).toEqual([]);
  });

  test("that is cross-origin isolated works", async () => {
    serveShops(world, ["shop-a.test"], {
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
    });
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    expect(await page.eval(() => crossOriginIsolated)).toBe(true);
    await startChat(page, name, "v");
    expect(await save(page)).toBe(true);
  });

  test("of a stranger is shut out at once, told why, and learns nothing", async () => {
    const name = uniqueName();
    const a = await openShop(browser, SHOP_A, { name });
    await startChat(a, name, "secret");
    await save(a);
    const page = await openShop(browser, "https://stranger.test", { name, options: { timeoutMs: 60_000 } });
    expect(await load(page)).toBeNull();
    expect(await testCookies(page)).toBe(false);
    expect(await status(page)).toEqual({
      access: "untrusted",
      reason: `Not let in: add https://stranger.test to TRUSTED_DOMAINS, ${HUB_ORIGIN} to frame-src. Or its message events are stopped.`,
    });
    expect(warnings(page)).toEqual([
      "warning: Carryover: the chat stays on this site. The hub does not trust this page: add its origin to TRUSTED_DOMAINS.",
    ]);
  });

  test.each([
    ["nobody", "This hub has no such tenant: check the tenant's name in the iframe URL."],
    ["malformed", "This tenant's settings cannot be read: the hub's operator finds the reason in the log."],
  ])("with the tenant %s is told the hub's own words", async (tenant, reason) => {
    const iframeUrl = `${HUB_ORIGIN}/t/${tenant}/iframe.html`;
    const page = await openShop(browser, SHOP_A, { name: uniqueName(), iframeUrl, options: { timeoutMs: 60_000 } });
    expect(await load(page)).toBeNull();
    expect(await status(page)).toEqual({ access: "unreachable", reason });
  });

  test("that has switched its storage off still shares its session", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await page.eval(() => {
      for (const method of ["getItem", "setItem"]) {
        Object.defineProperty(Storage.prototype, method, {
          value() {
            throw new DOMException("storage is off", "SecurityError");
          },
        });
      }
    });
    await startChat(page, name, "v");
    expect(await save(page)).toBe(true);
    expect(await load(page)).toBe("v");
  });

  test("in a sandboxed frame keeps its chat", async () => {
    world.sites.serve(
      "shop-b.test",
      "/embedding",
      shopPage({ body: `<iframe id="shop" sandbox="allow-scripts" src="${SHOP_A}/sandboxed"></iframe>` }),
    );
    world.sites.serve(
      "shop-a.test",
      "/sandboxed",
      shopPage({
        body: `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script><script>
          provider = new CookieProvider("session", ${JSON.stringify(IFRAME_URL)}, undefined, { timeoutMs: ${TIMEOUT_MS} });
          loaded = provider.loadCookie();
        </script>`,
      }),
    );
    const page = await browser.open(`${SHOP_B}/embedding`);
    const frame = await page.frame(`${SHOP_A}/sandboxed`);
    expect(await frame.eval("loaded")).toBeNull();
    expect(await frame.eval("provider.status.access")).toMatch(/^(unreachable|untrusted)$/);
  });
});
