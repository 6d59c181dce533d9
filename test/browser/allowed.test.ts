/** Chromium with third-party cookies allowed: the session is shared. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, HUB_ORIGIN, type Page, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import {
  IFRAME_URL,
  clear,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  shopUrl,
  startChat,
  status,
  testCookies,
  tombstoneOf,
  uniqueName,
  visibleSessions,
  warnings,
} from "./shop.ts";

const DOMAINS = [SHOP_A, SHOP_B, "https://*.shop-c.test"];
let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify(DOMAINS), other: JSON.stringify(DOMAINS) } });
  serveShops(world, ["shop-a.test", "shop-b.test", "www.shop-c.test", "shop-c.test"]);
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

afterEach(() => closeTabs(browser));

async function open(origin: string, name: string, more: object = {}): Promise<Page> {
  return openShop(browser, origin, { name, ...more });
}

describe("a session saved on one domain", () => {
  test("is loaded on another, from the hub cookie that the Worker set", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    expect(await load(a)).toBeNull();
    await startChat(a, name, "chat-1");
    expect(await save(a)).toBe(true);

    const b = await open(SHOP_B, name);
    expect(await load(b)).toBe("chat-1");
    expect(await visibleSessions(b, name)).toEqual(["chat-1"]);
    expect(await status(b)).toMatchObject({ access: "granted" });
    expect(warnings(b)).toEqual([]);

    const hubCookie = (await browser.cookies()).find((cookie) => cookie.name === `__Host-acme.${name}`);
    expect(hubCookie).toMatchObject({ value: "chat-1", domain: "hub.test", path: "/", secure: true, sameSite: "None" });
    expect(hubCookie?.partition).toBeUndefined();
    expect(hubCookie?.expires).toBeGreaterThan(Date.now() / 1000 + 600_000);
  });

  test("is the same byte for byte", async () => {
    const a = await open(SHOP_A, uniqueName());
    const b = await open(SHOP_B, uniqueName());
    for (const value of [
      '{"id":"a,b","x":[1,2]}',
      '"quoted"',
      "100%25 %zz %",
      "naïve-日本-🎉",
      "a=b==",
      ":1700000000",
      "a b  c",
      "\uFEFFbom",
      "back\\slash",
      "v".repeat(3800),
    ]) {
      const name = uniqueName();
      await startChat(a, name, value);
      const [shown] = await visibleSessions(a, name);
      expect(shown, value).toBeTruthy();
      expect(await a.eval((name, url) => new CookieProvider(name, url).saveCookie(), name, IFRAME_URL), value).toBe(
        true,
      );
      expect(await b.eval((name, url) => new CookieProvider(name, url).loadCookie(), name, IFRAME_URL)).toBe(shown);
      expect(await visibleSessions(b, name)).toEqual([shown]);
    }
  });

  test("stays within its tenant", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "acme's");
    await save(a);
    const b = await open(SHOP_B, name, { iframeUrl: `${HUB_ORIGIN}/t/other/iframe.html` });
    expect(await load(b)).toBeNull();
  });

  test("is refused when it cannot fit into a cookie, and the page says why", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, '"'.repeat(1500));
    expect(await save(a)).toBe(false);
    expect((await status(a)).reason).toContain("at most 4096 bytes");
    expect(await load(a)).toBe('"'.repeat(1500));
  });
});

describe("of two sessions", () => {
  test("the hub's replaces one that the hub has seen", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "first");
    await save(a);
    const b = await open(SHOP_B, name);
    expect(await load(b)).toBe("first");
    await startChat(a, name, "second");
    await save(a);
    await b.reload();
    expect(await load(b)).toBe("second");
    expect(await visibleSessions(b, name)).toEqual(["second"]);
  });

  test("the page's live chat, which the hub has not seen, wins and is saved", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "the hub's");
    await save(a);
    const b = await open(SHOP_B, name);
    await startChat(b, name, "live on b");
    expect(await load(b)).toBe("live on b");
    await b.waitFor(() => events.some(({ type }) => type === "saved"));
    await a.reload();
    expect(await load(a)).toBe("live on b");
  });
});

describe("an ended chat", () => {
  test("is forgotten on the page, on the hub, and on the other site at its next load", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "chat");
    await save(a);
    const b = await open(SHOP_B, name);
    expect(await load(b)).toBe("chat");

    expect(await clear(a)).toBe(true);
    expect(await visibleSessions(a, name)).toEqual([]);
    const tombstone = (await browser.cookies()).find((cookie) => cookie.name === `__Host-acme.${name}`);
    expect(tombstone?.value).toMatch(tombstoneOf("chat"));

    await b.reload();
    expect(await load(b)).toBeNull();
    expect(await visibleSessions(b, name)).toEqual([]);
  });

  test("does not take a new chat along, even one begun at once", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "old");
    await save(a);
    const results = await a.eval((name) => {
      const cleared = provider.clearCookie();
      document.cookie = `${name}=new; Path=/; Domain=shop-a.test; Secure`;
      return Promise.all([cleared, provider.saveCookie()]);
    }, name);
    expect(results).toEqual([true, true]);
    expect(await load(await open(SHOP_B, name))).toBe("new");
  });

  test("ended while the hub was away is not revived when it is back", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "chat");
    await save(a);
    world.setHub("refusing");
    try {
      // Its page is already here; the write alone fails.
      expect(await clear(a)).toBe(false);
    } finally {
      world.setHub("up");
    }
    await a.reload();
    expect(await load(a)).toBeNull();
    expect(await visibleSessions(a, name)).toEqual([]);
    await a.waitFor(() => provider.clearCookie());
    expect(await load(await open(SHOP_B, name))).toBeNull();
  });
});

describe("after a load one cookie of the name is visible", () => {
  test.each<[string, string[]]>([
    ["host-only", ["; Path=/"]],
    ["of the same scope", ["; Path=/; Domain=shop-c.test"]],
    ["of the host's own domain", ["; Path=/; Domain=www.shop-c.test"]],
    ["of a deeper path", ["; Path=/products/shoes"]],
    ["of a path with a slash", ["; Path=/products/"]],
    [
      "of many scopes",
      ["; Path=/", "; Path=/products", "; Path=/; Domain=shop-c.test", "; Path=/products/; Domain=www.shop-c.test"],
    ],
  ])("where the older one was %s", async (_, scopes) => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "old");
    await save(a);
    const c = await open("https://www.shop-c.test", name, { path: "/products/shoes/blue" });
    expect(await load(c)).toBe("old");
    for (const scope of scopes) {
      await c.eval((cookie) => void (document.cookie = cookie), `${name}=old${scope}; Secure`);
    }
    await startChat(a, name, "new");
    await save(a);
    expect(await load(c)).toBe("new");
    expect(await visibleSessions(c, name)).toEqual(["new"]);
    // At every depth of the site, not just where the page looked.
    const top = await open("https://www.shop-c.test", uniqueName());
    expect(await visibleSessions(top, name)).toEqual(["new"]);
  });

  test("where a live chat is in two cookies", async () => {
    const name = uniqueName();
    const c = await open("https://www.shop-c.test", name);
    await c.eval((name) => {
      document.cookie = `${name}=live; Path=/; Secure`;
      document.cookie = `${name}=live; Path=/; Domain=shop-c.test; Secure`;
    }, name);
    expect(await load(c)).toBe("live");
    expect(await visibleSessions(c, name)).toEqual(["live"]);
  });
});

describe("the session cookie that a page gets", () => {
  async function cookieAfterLoad(cookie: object | undefined, name = uniqueName()) {
    const a = await open(SHOP_A, name);
    await a.eval((name) => void (document.cookie = `${name}=v; Path=/; Secure`), name);
    await save(a);
    const c = await open("https://www.shop-c.test", name, { options: { cookie } });
    expect(await load(c)).toBe("v");
    return (await browser.cookies()).filter((one) => one.name === name && one.domain.endsWith("shop-c.test"));
  }

  test("is the registrable domain's where the tenant trusts its subdomains, ends with the browser, and is Lax", async () => {
    expect(await cookieAfterLoad(undefined)).toEqual([
      expect.objectContaining({
        domain: ".shop-c.test",
        path: "/",
        expires: -1,
        secure: true,
        sameSite: "Lax",
        httpOnly: false,
      }),
    ]);
  });

  test("is the host's on demand", async () => {
    expect(await cookieAfterLoad({ domain: "host" })).toEqual([expect.objectContaining({ domain: "www.shop-c.test" })]);
  });

  test("has the domain, path, age and SameSite of the options", async () => {
    const cookies = await cookieAfterLoad({
      domain: "www.shop-c.test",
      path: "/",
      maxAgeSeconds: 3600,
      sameSite: "Strict",
    });
    expect(cookies).toEqual([expect.objectContaining({ domain: ".www.shop-c.test", sameSite: "Strict" })]);
    expect(Math.abs((cookies[0]?.expires ?? 0) - Date.now() / 1000 - 3600)).toBeLessThan(60);
  });

  test("is the host's where the domain of the options is another site's", async () => {
    expect(await cookieAfterLoad({ domain: "elsewhere.test" })).toEqual([
      expect.objectContaining({ domain: "www.shop-c.test" }),
    ]);
  });

  test("of a __Host- name is the host's, as browsers demand", async () => {
    expect(await cookieAfterLoad(undefined, `__Host-${uniqueName()}`)).toEqual([
      expect.objectContaining({ domain: "www.shop-c.test", path: "/" }),
    ]);
  });
});

describe("cookieTest", () => {
  test("is true, and tells the constructor's callback", async () => {
    const page = await open(SHOP_A, uniqueName());
    expect(await testCookies(page)).toBe(true);
    expect(await page.eval(() => notifications)).toEqual([true]);
  });

  test("tells its own callback instead, if it has one", async () => {
    const page = await open(SHOP_A, uniqueName());
    const told = await page.eval(async () => {
      const told: boolean[] = [];
      await provider.cookieTest((isEnabled) => told.push(isEnabled));
      return told;
    });
    expect(told).toEqual([true]);
    expect(await page.eval(() => notifications)).toEqual([]);
  });

  test("survives a callback that throws", async () => {
    const page = await open(SHOP_A, uniqueName());
    const answer = await page.eval(() =>
      provider.cookieTest(() => {
        throw new Error("the page's own mistake");
      }),
    );
    expect(answer).toBe(true);
  });
});

describe("a page", () => {
  test("may have several providers with different cookies", async () => {
    const [first, second] = [uniqueName(), uniqueName()];
    const a = await open(SHOP_A, first);
    await startChat(a, first, "one");
    await startChat(a, second, "two");
    const saved = await a.eval(
      (name, url) => Promise.all([provider.saveCookie(), new CookieProvider(name, url).saveCookie()]),
      second,
      IFRAME_URL,
    );
    expect(saved).toEqual([true, true]);
    expect(await load(await open(SHOP_B, first))).toBe("one");
    expect(await load(await open(SHOP_B, second))).toBe("two");
  });

  test("asks for two files before its session is loaded, and for none on the next view within 30 s", async () => {
    const name = uniqueName();
    const hubRequests = (page: Page) => page.requests.filter(({ url }) => url.startsWith(HUB_ORIGIN));
    const first = await world.launch({ policy: "allow" });
    const page = await openShop(first, SHOP_A, { name });
    await load(page);
    expect(hubRequests(page).map(({ url }) => url)).toEqual([
      `${HUB_ORIGIN}/cookie-provider.min.js`,
      `${HUB_ORIGIN}/t/acme/session/${name}`,
    ]);

    // The frame comes when the page is idle. Within the site nobody asks early.
    await page.waitFor(() => provider.status.access === "granted" && document.querySelector("iframe") !== null);
    await page.eval(() => void (location.href = `/next${location.hash}`));
    await page.waitFor(() => location.pathname === "/next" && !!document.querySelector("iframe"));
    await load(page);
    const before = hubRequests(page).length;
    await page.eval(() => void (location.href = `/again${location.hash}`));
    await page.waitFor(() => location.pathname === "/again" && !!document.querySelector("iframe"));
    await load(page);
    expect(
      hubRequests(page)
        .slice(before)
        .filter(({ fromCache }) => !fromCache),
    ).toEqual([]);
    await first.close();
  });

  test("may make the provider before there is a body", async () => {
    const page = await open(SHOP_A, uniqueName());
    await page.waitFor(() => document.querySelector("iframe")?.parentElement === document.documentElement);
    expect(await load(page)).toBeNull();
    expect((await status(page)).access).toBe("granted");
  });

  test("neither shows, nor focuses, nor reads out the iframe", async () => {
    const page = await open(SHOP_A, uniqueName());
    await page.waitFor(() => document.querySelector("iframe") !== null);
    const frame = await page.eval(() => {
      const { height } = document.querySelector("iframe")?.getBoundingClientRect() ?? {};
      const { display } = getComputedStyle(document.querySelector("iframe") as Element);
      return { display, height, overflow: document.documentElement.scrollWidth > innerWidth };
    });
    expect(frame).toEqual({ display: "none", height: 0, overflow: false });
  });

  test("is told of each change of status, and of each save", async () => {
    const name = uniqueName();
    const page = await open(SHOP_A, name);
    await load(page);
    await startChat(page, name, "v");
    await save(page);
    await save(page);
    expect(await page.eval(() => events.map(({ type }) => type))).toEqual(["status", "saved", "saved"]);
    expect(await page.eval(() => events[0]?.detail)).toEqual(await status(page));
  });

  test("may use the ES module instead", async () => {
    const page = await open(SHOP_A, uniqueName());
    // As a string: Vitest would rewrite the `import()` of a function.
    const exported = await page.eval(`
      import("${HUB_ORIGIN}/cookie-provider.mjs").then(async (module) => ({
        names: Object.keys(module).sort(),
        session: await new module.CookieProvider("session-of-the-module", "${IFRAME_URL}").loadCookie(),
      }))`);
    expect(exported).toEqual({ names: ["CookieProvider", "initCookieProviderExtension"], session: null });
  });

  test("gets rid of everything with destroy, and nobody waits on", async () => {
    const name = uniqueName();
    const page = await open(SHOP_A, name);
    await startChat(page, name, "kept");
    const answers = await page.eval(async () => {
      const waiting = [provider.loadCookie(), provider.saveCookie(), provider.clearCookie(), provider.cookieTest()];
      provider.destroy();
      return Promise.all(waiting);
    });
    expect(answers.slice(1)).toEqual([false, false, false]);
    expect(await page.eval(() => document.querySelectorAll("iframe").length)).toBe(0);
    expect(warnings(page)).toEqual([]);
    expect(await status(page)).toEqual({ access: "unreachable", reason: "Destroyed." });
  });

  test("that has called destroy is answered at once from then on", async () => {
    // Longer than any test may take.
    const page = await openShop(browser, SHOP_A, { name: uniqueName(), options: { timeoutMs: 2 ** 31 - 1 } });
    const answers = await page.eval(async () => {
      provider.destroy();
      return [await provider.loadCookie(), await provider.clearCookie(), await provider.cookieTest()];
    });
    expect(answers).toEqual([null, false, false]);
  });
});

describe("a wrong argument is a TypeError that names it:", () => {
  test.each<[string, unknown[]]>([
    ["SESSION_COOKIE_NAME", []],
    ["SESSION_COOKIE_NAME", ["a b", IFRAME_URL]],
    ["SESSION_COOKIE_NAME", ["a;b", IFRAME_URL]],
    ["SESSION_COOKIE_NAME", ["", IFRAME_URL]],
    ["SESSION_COOKIE_NAME", [7, IFRAME_URL]],
    ["IFRAME_URL", ["session"]],
    ["IFRAME_URL", ["session", "http://hub.test/t/acme/iframe.html"]],
    ["IFRAME_URL", ["session", "javascript:alert(1)"]],
    ["IFRAME_URL", ["session", "https://"]],
    ["showThirdPartyCookieNotification", ["session", IFRAME_URL, "no function"]],
    ["timeoutMs", ["session", IFRAME_URL, null, { timeoutMs: 0 }]],
    ["timeoutMs", ["session", IFRAME_URL, null, { timeoutMs: "soon" }]],
    ["timeoutMs", ["session", IFRAME_URL, null, { timeoutMs: 2 ** 31 }]],
    ["cookie", ["session", IFRAME_URL, null, { cookie: { path: "/; Domain=evil.example" } }]],
    ["cookie", ["session", IFRAME_URL, null, { cookie: { maxAgeSeconds: -1 } }]],
    ["cookie", ["session", IFRAME_URL, null, { cookie: { domain: "a b" } }]],
    ["cookie", ["session", IFRAME_URL, null, { cookie: { maxAgeSeconds: "soon" } }]],
  ])("%s in %j", async (argument, args) => {
    const page = browser.pages()[0] as Page;
    if (!page.url().startsWith(SHOP_A)) await page.goto(shopUrl(SHOP_A, { name: uniqueName() }));
    const thrown = await page.eval((args: unknown[]) => {
      const before = document.querySelectorAll("iframe").length;
      try {
        Reflect.construct(CookieProvider, args);
      } catch (error) {
        return {
          isTypeError: error instanceof TypeError,
          text: String(error),
          frames: document.querySelectorAll("iframe").length - before,
        };
      }
      return undefined;
    }, args);
    expect(thrown).toMatchObject({ isTypeError: true, frames: 0 });
    expect(thrown?.text).toMatch(new RegExp(`^TypeError: CookieProvider: ${argument} must be .+, not `));
  });
});
