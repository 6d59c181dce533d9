/** The early lane: the page asks for its session itself, where the browser tells the hub that its cookies come along. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type Wish,
  type World,
  missingEngine,
  poll,
  startWorld,
} from "./harness/index.ts";
import { closeTabs, load, openShop, save, serveShops, shopUrl, startChat, status, uniqueName } from "./shop.ts";

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, "https://*.shop-b.test"]) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
  serveShops(world, ["evil.test"]);
});

afterAll(() => world?.close());

/** A chat that the hub has. */
async function chatOnA(name: string, session: string): Promise<Page> {
  const page = await openShop(browser, SHOP_A, { name });
  await startChat(page, name, session);
  expect(await save(page)).toBe(true);
  return page;
}

/** The hub knows nothing of the chat any more: only a link can bring it. */
async function forgetHub(name: string): Promise<void> {
  const page = await browser.open(`${HUB_ORIGIN}/healthz`);
  await page.eval((name) => void (document.cookie = `__Host-acme.${name}=; Max-Age=0; Path=/; Secure`), name);
}

/** Goes on to another shop by a link that carries the session. */
async function followTo(page: Page, origin: string, name: string): Promise<void> {
  const url = await linkTo(page, shopUrl(origin, { name }));
  await page.eval((url) => location.assign(url), url);
  await page.waitFor(`location.origin === ${JSON.stringify(origin)} && document.readyState === "complete"`);
}

/** On a busy machine a code may take longer than a link waits. */
function linkTo(page: Page, url: string): Promise<string> {
  return poll(
    async () => {
      const decorated = await page.eval((url) => provider.decorate(url), url);
      return decorated.includes("#carryover=") && decorated;
    },
    { what: "a link with a code" },
  );
}

/** The page's own requests, and the frame's page: by method and path, in their order. */
function asked(page: Page): string[] {
  return page.requests
    .filter(({ url }) => url.startsWith(HUB_ORIGIN) && /\/session\/|iframe\.html|redeem/.test(url))
    .map(
      ({ method, url, status }) =>
        `${method} ${new URL(url).pathname.replace(/^\/t\/acme/, "").split("/")[1]} ${status}`,
    );
}

function withBrowser(wish: Wish, tests: () => void): void {
  describe.skipIf(missingEngine(wish.engine ?? "chromium"))(`${wish.engine}, ${wish.policy}`, () => {
    beforeAll(async () => {
      browser = await world.launch(wish);
    });
    afterEach(() => closeTabs(browser));
    afterAll(() => browser?.close());
    tests();
  });
}

withBrowser({ engine: "chromium", policy: "allow" }, () => {
  test("a page that is entered from elsewhere has its session by one request, and its frame later", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    const page = await openShop(browser, SHOP_B, { name });
    expect(await load(page)).toBe("from a");
    expect((await status(page)).access).toBe("granted");
    expect(asked(page)[0]).toBe("GET session 200");
    await page.waitFor(() => document.querySelector("iframe") !== null);
    // The frame has found out by itself, too, and hears of what another tab does.
    await page.waitFor(() => provider.status.reason === "The hub can use its cookies on this page.");
    await chatOnA(name, "renewed");
    await page.waitFor(() =>
      events.some(({ type, detail }) => type === "session" && JSON.stringify(detail).includes("renewed")),
    );
  });

  test("a chat that the hub has not seen is saved by it, and one that was ended is not there", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_B, { name });
    await startChat(page, name, "own");
    await page.goto("about:blank");
    const again = await openShop(browser, SHOP_B, { name });
    expect(await load(again)).toBe("own");
    const elsewhere = await openShop(browser, SHOP_A, { name });
    expect(await load(elsewhere)).toBe("own");
    expect(await elsewhere.eval(() => provider.clearCookie())).toBe(true);
    const last = await openShop(browser, SHOP_B, { name });
    expect(await load(last)).toBeNull();
    expect(asked(last)[0]).toBe("POST session 200");
  });

  test("within a site nobody asks early", async () => {
    const name = uniqueName();
    const page = await chatOnA(name, "here");
    await page.eval(() => void (location.href = `/next${location.hash}`));
    await page.waitFor(() => location.pathname === "/next" && provider.status.access === "granted");
    expect(await load(page)).toBe("here");
    expect(asked(page).filter((one) => one.includes("session"))).toHaveLength(2);
  });

  test("a chat that begins while it is under way wins over what it brings", async () => {
    const name = uniqueName();
    await chatOnA(name, "old");
    const page = await openShop(browser, SHOP_B, { name });
    await startChat(page, name, "new");
    // The site has to hear of the other one first.
    await poll(() => save(page), { what: "a save" });
    expect(await load(page)).toBe("new");
    expect(await load(await openShop(browser, SHOP_A, { name }))).toBe("new");
  });

  test("a stranger's page hears nothing of it", async () => {
    const name = uniqueName();
    await chatOnA(name, "secret");
    const page = await openShop(browser, "https://evil.test", { name });
    expect(await load(page)).toBeNull();
    expect(asked(page)[0]).toBe("GET session 403");
    expect((await status(page)).access).toBe("untrusted");
  });

  test("a provider that is destroyed meanwhile shows nothing, and adds no frame", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    const page = await openShop(browser, SHOP_B, { name: uniqueName() });
    await page.waitFor(() => document.querySelector("iframe") !== null);
    const after = await page.eval(
      async (name, iframeUrl) => {
        const frames = document.querySelectorAll("iframe").length;
        const other = new CookieProvider(name, iframeUrl);
        const loaded = other.loadCookie();
        other.destroy();
        await loaded;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return [
          document.cookie.includes("from a"),
          document.querySelectorAll("iframe").length - frames,
          other.status.access,
        ];
      },
      name,
      `${HUB_ORIGIN}/t/acme/iframe.html`,
    );
    expect(after).toEqual([false, 0, "unreachable"]);
  });
});

withBrowser({ engine: "chromium", policy: "allow" }, () => {
  test("what a link has brought comes by the same request, and the hub has it", async () => {
    const name = uniqueName();
    const page = await chatOnA(name, "from a");
    await forgetHub(name);
    const before = asked(page).length;
    await followTo(page, SHOP_B, name);
    expect(await load(page)).toBe("from a");
    expect(asked(page).slice(before)[0]).toBe("POST session 200");
    expect(asked(page).join()).not.toContain("redeem");
    expect(await load(await openShop(browser, SHOP_B, { name }))).toBe("from a");
  });

  test("it is stopped before the frame is asked to write", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_B, { name: uniqueName() });
    const isStopped = await page.eval(
      async (name, iframeUrl) => {
        const original = window.fetch;
        const asked = new Promise<AbortSignal | null | undefined>((resolve) => {
          window.fetch = (url, init) => {
            if (!(url instanceof Request ? url.url : url.toString()).includes("/session/")) return original(url, init);
            resolve(init?.signal);
            return new Promise(() => {});
          };
        });
        document.cookie = `${name}=own; Path=/`;
        const other = new CookieProvider(name, iframeUrl);
        const signal = await asked;
        const before = signal?.aborted;
        return [before, await other.clearCookie(), signal?.aborted];
      },
      name,
      `${HUB_ORIGIN}/t/acme/iframe.html`,
    );
    expect(isStopped).toEqual([false, true, true]);
  });

  test("a page that tests cookies first has what a link brought, as have all who load at once", async () => {
    const name = uniqueName();
    const page = await chatOnA(name, "from a");
    await forgetHub(name);
    serveShops(world, ["testing.shop-b.test"], {}, "provider.cookieTest(() => {});");
    await followTo(page, "https://testing.shop-b.test", name);
    const loaded = await page.eval(() => Promise.all([provider.loadCookie(), provider.loadCookie()]));
    expect(loaded).toEqual(["from a", "from a"]);
  });

  test("several loads at once, and later ones, are answered by it, though the frame is not there", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    serveShops(world, ["several.shop-b.test"], {}, "var first = [provider.loadCookie(), provider.loadCookie()];");
    const page = await openShop(browser, "https://several.shop-b.test", { name });
    const loaded = await page.eval(async () => {
      const { first } = globalThis as unknown as { first: Promise<string | null>[] };
      const sessions = await Promise.all(first);
      return [...sessions, await provider.loadCookie()];
    });
    expect(loaded).toEqual(["from a", "from a", "from a"]);
    expect(asked(page)[0]).toBe("GET session 200");
  });

  test("a code of a cookie whose provider comes later is redeemed by itself", async () => {
    const name = uniqueName();
    const page = await chatOnA(name, "from a");
    await forgetHub(name);
    const before = asked(page).length;
    const [, code] = /(carryover=[^&]*)/.exec(await linkTo(page, shopUrl(SHOP_B, { name }))) ?? [];
    const [to, rest] = shopUrl(SHOP_B, { name: "another" }).split("#");
    await page.eval((url) => location.assign(url), `${to}#${code}&${rest}`);
    await page.waitFor(`location.origin === ${JSON.stringify(SHOP_B)} && document.readyState === "complete"`);
    await load(page);
    await poll(() => asked(page).slice(before).includes("POST redeem 200"), { what: "the code to be redeemed" });
    const session = await page.eval(
      (name, iframeUrl) => new CookieProvider(name, iframeUrl).loadCookie(),
      name,
      `${HUB_ORIGIN}/t/acme/iframe.html`,
    );
    expect(session).toBe("from a");
  });

  test("what it has brought says nothing any more after destroy", async () => {
    const page = await openShop(browser, SHOP_B, { name: uniqueName() });
    const after = await page.eval(
      async (name, iframeUrl) => {
        globalThis.requestIdleCallback = () => 0;
        const other = new CookieProvider(name, iframeUrl);
        await other.loadCookie();
        const { access } = other.status;
        other.destroy();
        await other.loadCookie();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return [access, other.status.reason];
      },
      uniqueName(),
      `${HUB_ORIGIN}/t/acme/iframe.html`,
    );
    expect(after).toEqual(["granted", "Destroyed."]);
  });

  test("it says of no call that was answered that it was not", async () => {
    const page = await openShop(browser, SHOP_B, { name: uniqueName(), options: { timeoutMs: 300 } });
    await load(page);
    const told = await page.eval(async (iframeUrl) => {
      const accesses: string[] = [];
      globalThis.requestIdleCallback = (callback) => window.setTimeout(callback, 280);
      const other = new CookieProvider("busy", iframeUrl, undefined, { timeoutMs: 300 });
      other.addEventListener("status", ({ detail }) => accesses.push(detail.access));
      await other.loadCookie();
      await new Promise((resolve) => setTimeout(resolve, 600));
      return accesses;
    }, `${HUB_ORIGIN}/t/acme/iframe.html`);
    expect(told).not.toContain("unreachable");
  });

  test("the page's markup can start it", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    serveShops(world, ["preloading.shop-b.test"], {
      Link: `<${HUB_ORIGIN}/t/acme/session/${name}>; rel=preload; as=fetch; crossorigin=use-credentials`,
    });
    const page = await openShop(browser, "https://preloading.shop-b.test", { name });
    expect(await load(page)).toBe("from a");
    await page.waitFor(() => document.querySelector("iframe") !== null);
    expect(asked(page).filter((one) => one.includes("session"))).toEqual(["GET session 200"]);
  });

  test("within a site that sends no referrer nobody asks early either", async () => {
    serveShops(world, ["quiet.shop-b.test"], { "referrer-policy": "no-referrer" });
    const name = uniqueName();
    const page = await openShop(browser, "https://quiet.shop-b.test", { name });
    await load(page);
    await page.waitFor(() => document.querySelector("iframe") !== null);
    for (const path of ["/next", "/again"]) {
      await page.eval((path) => void (location.href = path + location.hash), path);
      await page.waitFor(`location.pathname === "${path}" && document.querySelector("iframe") !== null`);
      expect(await page.eval(() => document.referrer)).toBe("");
      await load(page);
    }
    expect(asked(page).filter((one) => one.includes("session"))).toEqual(["GET session 200"]);
  });

  test("a policy that keeps the frame out, and lets the page ask, lets it have the session", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    serveShops(world, ["frameless.shop-b.test"], {
      "content-security-policy": `script-src ${HUB_ORIGIN} 'unsafe-inline'; frame-src 'none'; connect-src ${HUB_ORIGIN}`,
    });
    const page = await openShop(browser, "https://frameless.shop-b.test", { name });
    expect(await load(page)).toBe("from a");
  });
});

withBrowser({ engine: "chromium", policy: "grant", grants: [SHOP_A, SHOP_B] }, () => {
  test("access that was granted earlier is taken up by the request itself", async () => {
    const name = uniqueName();
    await chatOnA(name, "from a");
    const page = await openShop(browser, SHOP_B, { name });
    expect(await load(page)).toBe("from a");
    expect(asked(page)[0]).toBe("GET session 200");
  });
});

withBrowser({ engine: "chromium", policy: "block" }, () => {
  test("what a link has brought comes by it all the same, and by no other request", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "from a");
    await save(page);
    const before = asked(page).length;
    await followTo(page, SHOP_B, name);
    expect(await load(page)).toBe("from a");
    expect(asked(page).slice(before)[0]).toBe("POST session 200");
    await page.waitFor(() => provider.status.access === "promptable");
    expect(asked(page).join()).not.toContain("redeem");
    expect(await load(page)).toBe("from a");
  });

  test("it brings nothing, and the frame tells how things stand", async () => {
    const page = await openShop(browser, SHOP_B, { name: uniqueName() });
    expect(await load(page)).toBeNull();
    expect((await status(page)).access).toBe("promptable");
    expect(asked(page).slice(0, 2)).toEqual(["GET session 200", "GET iframe.html 200"]);
  });
});

for (const engine of ["firefox", "webkit"] as const) {
  withBrowser({ engine, policy: "allow" }, () => {
    test("nobody asks early: the browser does not tell the hub whose cookies it sends", async () => {
      world.sites.clearLog();
      const name = uniqueName();
      await chatOnA(name, "from a");
      const page = await openShop(browser, SHOP_B, { name });
      expect(await load(page)).toBe("from a");
      expect(
        await page.eval(
          () => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/session/")).length,
        ),
      ).toBe(0);
    });
  });
}
