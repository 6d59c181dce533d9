/** docs/genesys-widgets.md as it is printed, on pages with the real js-cookie and a double of Genesys Widgets. */
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { BusPlugin } from "../genesys/cx-bus.ts";
import type { PageSettings } from "../genesys/page.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  poll,
  SHOP_A,
  SHOP_B,
  shopPage,
  startWorld,
  type World,
} from "./harness/index.ts";
import { closeTabs, uniqueName, visibleSessions, warnings } from "./shop.ts";

declare global {
  /** Every plugin of the page's bus. */
  var plugins: Record<string, BusPlugin>;
  /** `document.cookie` when CookieProvider.ready was heard of. */
  var cookieWhenReady: string | undefined;
  var _genesys: { widgets: { bus: BusPlugin } };
}

/** The ways to write the page that the document shows. */
const OWN = "/own-instance";
const DEFERRED = "/own-instance-deferred";
const LOADED_FIRST = "/own-instance-loaded-first";
const EXTENSION = "/extension";
/** The script from the shop itself, for a hub that is away or slow. */
const SELF_HOSTED = "/extension-self-hosted";
/** The same with little patience. */
const IMPATIENT = "/extension-self-hosted-impatient";

let world: World;
let browser: Browser;
let name: string;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  await servePages();
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

beforeEach(() => {
  name = uniqueName();
});

afterEach(() => closeTabs(browser));

async function servePages(): Promise<void> {
  const document = readFileSync(new URL("../../docs/genesys-widgets.md", import.meta.url), "utf8");
  const blocks = [...document.matchAll(/^```(?:html|js)\n(.*?)^```/gms)].map(([, block = ""]) => block);
  const snippet = (start: string) => {
    const block = blocks.find((block) => block.includes(start));
    if (block === undefined) throw new Error(`The document shows no ${start}`);
    return block
      .replaceAll("https://chat-hub.example", HUB_ORIGIN)
      .replaceAll("https://widgets.example/cxbus.min.js", "/widgets.js")
      .replaceAll('"customer-defined-session-cookie"', "settings.name")
      .replaceAll(/(?<=showThirdPartyCookieNotification\(isEnabled\) \{)/g, "notifications.push(isEnabled);");
  };
  const own = snippet("new CookieProvider(\n      SESSION_COOKIE");
  const extension = snippet("initCookieProviderExtension(");
  const selfHosted = extension.replace(`${HUB_ORIGIN}/cookie-provider`, "/cookie-provider");
  const change = (asyncOptions: string) =>
    `<script>Object.assign(_genesys.widgets.webchat.async, {${asyncOptions}})</script>`;
  const plain = "setSessionData: (Open, Cookie) => Cookie.get(SESSION_COOKIE)";
  const widgetsPackage = '<script src="/widgets.js"></script>';

  const { outputFiles } = await build({
    entryPoints: [new URL("../genesys/page.ts", import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "iife",
  });
  const scripts = {
    "/widgets.js": outputFiles[0]?.text ?? "",
    "/cookie-provider.min.js": readFileSync(new URL("../../dist/assets/cookie-provider.min.js", import.meta.url)),
  };
  const pages = {
    [OWN]: own + widgetsPackage,
    [DEFERRED]: own + change(snippet("jQuery.Deferred()")) + widgetsPackage,
    [LOADED_FIRST]: `${own}${change(plain)}<script>${snippet('createElement("script")')}</script>`,
    [EXTENSION]: extension + widgetsPackage,
    [SELF_HOSTED]: selfHosted + widgetsPackage,
    [IMPATIENT]: selfHosted.replace(/(?<=\},\n)(?=\s*\);\n<\/script>)/, "{ timeoutMs: 400 },") + widgetsPackage,
  };
  for (const host of ["shop-a.test", "shop-b.test"]) {
    for (const [path, body] of Object.entries(scripts)) {
      world.sites.serve(host, path, { headers: { "content-type": "text/javascript; charset=utf-8" }, body });
    }
    for (const [path, body] of Object.entries(pages)) {
      world.sites.serve(host, path, shopPage({ title: host, head: OBSERVER + body }));
    }
  }
}

/** An extension that runs first, and keeps for the tests what happens on the bus. */
const OBSERVER = `
  <script>
    settings = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    notifications = [];
    plugins = {};
    cookieWhenReady = undefined;
    _genesys = { widgets: { extensions: { Observer: ($, CXBus) => {
      const register = CXBus.registerPlugin;
      CXBus.registerPlugin = (name) => {
        plugins[name] = register(name);
        if (settings.withoutReady) delete plugins[name].ready;
        return plugins[name];
      };
      CXBus.subscribe("CookieProvider.ready", () => { cookieWhenReady = document.cookie; });
    } } } };
  </script>`;

function open(origin: string, path: string, more: Partial<PageSettings> = {}, inBrowser = browser): Promise<Page> {
  const settings = encodeURIComponent(JSON.stringify({ name, ...more }));
  return inBrowser.open(`${origin}${path}#${settings}`);
}

/** A visitor chats. Resolves with the session that the chat server gave. */
async function startChat(page: Page): Promise<unknown> {
  await page.waitFor(() => globalThis.widgets !== undefined);
  return page.eval(() => widgets.startChat());
}

function session(page: Page): Promise<unknown> {
  return page.eval(() => widgets.session());
}

/** The restore of the page load is over, whatever came of it. */
async function started(page: Page): Promise<void> {
  await page.waitFor(() => globalThis.widgets !== undefined);
  await page.eval(() => widgets.started);
}

function published(page: Page): Promise<string[]> {
  return page.eval(() => widgets.bus.published.map(({ event }) => event));
}

async function count(page: Page, event: string): Promise<number> {
  return (await published(page)).filter((one) => one === event).length;
}

/** The hub's copy: `undefined` before there is one, `null` once the chat was ended. */
async function hubSession(inBrowser = browser): Promise<string | null | undefined> {
  const cookie = (await inBrowser.cookies()).find((cookie) => cookie.name === `__Host-acme.${name}`);
  const said = cookie && decodeHubCookie(cookie.value);
  return said?.kind === "session" ? said.session : said && null;
}

/** Waits until the hub holds what the page's cookie is now. */
async function hubHasIt(page: Page, inBrowser = browser): Promise<string> {
  const [shown] = await visibleSessions(page, name);
  if (shown === undefined) throw new Error("The page has no session.");
  await poll(async () => (await hubSession(inBrowser)) === shown, { what: "the hub to have the session" });
  return shown;
}

async function hubForgot(): Promise<void> {
  await poll(async () => (await hubSession()) === null, { what: "the hub to forget the session" });
}

describe.each([
  ["a promise", OWN],
  ["a jQuery deferred", DEFERRED],
  ["the session loaded before Widgets", LOADED_FIRST],
])("an own instance, with %s:", (_, path) => {
  test("a chat begun on one domain goes on on the other", async () => {
    const a = await open(SHOP_A, path);
    const chat = await startChat(a);
    expect(chat).toMatchObject({ sessionId: expect.any(String) });
    await hubHasIt(a);

    const b = await open(SHOP_B, path);
    await started(b);
    expect(await session(b)).toEqual(chat);
    expect(await count(b, "WebChatService.restored")).toBe(1);
    expect(await visibleSessions(b, name)).toEqual(await visibleSessions(a, name));
    expect(warnings(b)).toEqual([]);
  });

  test("a chat ended on one domain is forgotten on the other at its next load", async () => {
    const a = await open(SHOP_A, path);
    await startChat(a);
    await hubHasIt(a);
    const b = await open(SHOP_B, path);
    await started(b);
    await b.eval(() => widgets.endChat());
    await hubForgot();
    expect(await visibleSessions(b, name)).toEqual([]);

    await a.reload();
    await started(a);
    expect(await session(a)).toBeNull();
    expect(await visibleSessions(a, name)).toEqual([]);
  });
});

describe("an own instance", () => {
  test("tells the page of third-party cookies", async () => {
    const a = await open(SHOP_A, OWN);
    await a.waitFor(() => notifications.length > 0);
    expect(await a.eval(() => notifications)).toEqual([true]);
  });

  test("carries a session that Widgets has renewed", async () => {
    const a = await open(SHOP_A, OWN);
    const chat = await startChat(a);
    await hubHasIt(a);
    await a.eval(() => widgets.renewSession({ token: "renewed" }));
    await hubHasIt(a);
    const b = await open(SHOP_B, OWN);
    await started(b);
    expect(await session(b)).toEqual({ ...(chat as object), token: "renewed" });
  });
});

describe("the extension", () => {
  test("tells the page of third-party cookies", async () => {
    const a = await open(SHOP_A, EXTENSION);
    await a.waitFor(() => notifications.length > 0);
    expect(await a.eval(() => notifications)).toEqual([true]);
  });

  test("is ready, and says so, once the session is loaded", async () => {
    const a = await open(SHOP_A, EXTENSION);
    await startChat(a);
    const shown = await hubHasIt(a);
    const b = await open(SHOP_B, EXTENSION);
    expect(await b.waitFor(() => cookieWhenReady)).toContain(`${name}=${shown}`);
    expect(await count(b, "CookieProvider.ready")).toBe(1);
    expect(await b.eval(() => widgets.bus.readyPlugins)).toContain("CookieProvider");
  });

  test.each(["options", "page"] as const)("restores a chat that arrives late, from the %s", async (restoreFrom) => {
    const a = await open(SHOP_A, EXTENSION);
    const chat = await startChat(a);
    await hubHasIt(a);

    const b = await open(SHOP_B, EXTENSION, { restoreFrom });
    expect(await b.waitFor(() => widgets.session())).toEqual(chat);
    expect(await count(b, "WebChatService.restored")).toBe(1);
    expect(await published(b)).not.toContain("WebChatService.restoreFailed");
  });

  test("restores a chat that arrives after the load has given up", async () => {
    // One that has no page of the hub in its cache.
    const fresh = await world.launch({ policy: "allow" });
    try {
      const a = await open(SHOP_A, EXTENSION, {}, fresh);
      const chat = await startChat(a);
      await hubHasIt(a, fresh);
      world.setHub({ delayMs: 1500 });
      const b = await open(SHOP_B, IMPATIENT, {}, fresh);
      expect(await b.waitFor(() => widgets.session())).toEqual(chat);
      expect(await b.eval(() => cookieWhenReady)).toBe("");
    } finally {
      world.setHub("up");
      await fresh.close();
    }
  });

  test("leaves alone a chat that Widgets restores itself", async () => {
    const a = await open(SHOP_A, EXTENSION);
    const chat = await startChat(a);
    await hubHasIt(a);
    await a.reload();
    await a.waitFor(() => cookieWhenReady);
    expect(await session(a)).toEqual(chat);
    expect(await count(a, "WebChatService.restored")).toBe(1);
    expect(await published(a)).not.toContain("WebChatService.restoreFailed");
  });

  test("leaves alone a chat that begins before the hub has answered, and saves it", async () => {
    const a = await open(SHOP_A, EXTENSION, { chatAtOnce: true });
    const chat = await a.waitFor(() => widgets.session());
    await a.waitFor(() => cookieWhenReady);
    await hubHasIt(a);
    await quiet(a);
    expect(await session(a)).toEqual(chat);
    expect(await published(a)).not.toContain("WebChatService.restoreFailed");
  });

  test("saves a session that Widgets has renewed", async () => {
    const a = await open(SHOP_A, EXTENSION);
    const chat = await startChat(a);
    await hubHasIt(a);
    await a.eval(() => widgets.renewSession({ token: "renewed" }));
    await hubHasIt(a);
    const b = await open(SHOP_B, EXTENSION);
    expect(await b.waitFor(() => widgets.session())).toEqual({ ...(chat as object), token: "renewed" });
  });

  test.each(["WebChat.started", "WebChatService.started", "WebChatService.restored", "WebChatService.messageReceived"])(
    "saves on %s alone",
    async (event) => {
      const a = await open(SHOP_A, EXTENSION);
      await a.waitFor(() => cookieWhenReady !== undefined);
      await publishAfterSetting(a, event);
      expect(await hubHasIt(a)).toBe("of-the-event");
    },
  );

  test.each(["WebChat.completed", "WebChatService.ended"])("forgets on %s alone", async (event) => {
    const a = await open(SHOP_A, EXTENSION);
    await startChat(a);
    await hubHasIt(a);
    await publish(a, event);
    await hubForgot();
    expect(await visibleSessions(a, name)).toEqual([]);
  });

  test.each([
    ["with an agent", "WebChat.completed"],
    ["before an agent came", "WebChat.cancelled"],
  ])("forgets a chat that ends %s, on both domains", async (_, outcome) => {
    const a = await open(SHOP_A, EXTENSION);
    await startChat(a);
    await hubHasIt(a);
    const b = await open(SHOP_B, EXTENSION);
    await b.waitFor(() => widgets.session());
    if (outcome === "WebChat.completed") await b.eval(() => widgets.connectAgent());
    await b.eval(() => widgets.endChat());
    await hubForgot();
    expect(await published(b)).toContain(outcome);
    expect(await visibleSessions(b, name)).toEqual([]);

    await a.reload();
    await a.waitFor(() => cookieWhenReady !== undefined);
    await quiet(a);
    expect(await visibleSessions(a, name)).toEqual([]);
    expect(await hubSession()).toBeNull();
  });

  test("does not let a page's older session overwrite the hub's newer one", async () => {
    const a = await open(SHOP_A, EXTENSION);
    const chat = await startChat(a);
    await hubHasIt(a);
    const b = await open(SHOP_B, EXTENSION);
    await b.waitFor(() => widgets.session());
    await b.eval(() => widgets.renewSession({ token: "renewed" }));
    const renewed = await hubHasIt(b);

    // Its Widgets restores the older one before the hub has answered.
    await a.reload();
    await a.waitFor(() => cookieWhenReady);
    await quiet(a);
    expect(await visibleSessions(a, name)).toEqual([renewed]);
    expect(await hubSession()).toBe(renewed);
    expect(chat).not.toMatchObject({ token: "renewed" });
  });

  test("answers its commands through deferreds", async () => {
    const a = await open(SHOP_A, EXTENSION);
    await startChat(a);
    const shown = await hubHasIt(a);
    expect(await command(a, "CookieProvider.save")).toEqual([true]);
    expect(await command(a, "CookieProvider.load")).toEqual([shown]);
    expect(await command(a, "CookieProvider.clear")).toEqual([true]);
    expect(await command(a, "CookieProvider.load")).toEqual([null]);
    expect(await command(a, "CookieProvider.save")).toEqual([false]);
    expect(await hubSession()).toBeNull();
  });

  test("works on a bus whose plugins have no ready()", async () => {
    const a = await open(SHOP_A, EXTENSION, { withoutReady: true });
    const chat = await startChat(a);
    await hubHasIt(a);
    const b = await open(SHOP_B, EXTENSION, { withoutReady: true });
    expect(await b.waitFor(() => widgets.session())).toEqual(chat);
    expect(await b.eval(() => widgets.bus.readyPlugins)).toEqual([]);
    expect(b.consoleMessages.filter(({ type }) => type === "exception")).toEqual([]);
  });
});

describe("a session with commas, quotes, umlauts and more", () => {
  const odd = {
    sessionId: "a,b;c",
    name: 'Jörg "J" Müßig',
    list: [1, 2],
    path: "a/b?c=d&e#f",
    percent: "100%25 %zz",
    emoji: "🎉",
  };

  test.each([
    ["an own instance", OWN],
    ["the extension", EXTENSION],
  ])("is the same on both sites with %s", async (_, path) => {
    const a = await open(SHOP_A, path, { session: odd });
    expect(await startChat(a)).toEqual(odd);
    const shown = await hubHasIt(a);
    const b = await open(SHOP_B, path);
    expect(await b.waitFor(() => widgets.session())).toEqual(odd);
    expect(await visibleSessions(b, name)).toEqual([shown]);
    await a.reload();
    expect(await a.waitFor(() => widgets.session())).toEqual(odd);
    expect(await visibleSessions(a, name)).toEqual([shown]);
  });
});

describe("the chat starts all the same", () => {
  /** One that has nothing of the hub in its cache. */
  let fresh: Browser;

  beforeAll(async () => {
    fresh = await world.launch({ policy: "allow" });
    world.setHub("refusing");
  });

  afterAll(async () => {
    world.setHub("up");
    await fresh?.close();
  });

  test("when the hub is away, and the console says so once", async () => {
    const a = await open(SHOP_A, SELF_HOSTED, {}, fresh);
    const chat = await startChat(a);
    await a.waitFor(() => notifications.length > 0 && cookieWhenReady !== undefined);
    expect(await a.eval(() => notifications)).toEqual([false]);
    expect(warnings(a)).toEqual([expect.stringMatching(/^warning: Carryover: the chat stays on this site\. /)]);

    await a.reload();
    expect(await a.waitFor(() => widgets.session())).toEqual(chat);
    expect(await command(a, "CookieProvider.save")).toEqual([false]);
  });

  test.each([
    ["an own instance", OWN],
    ["the extension", EXTENSION],
  ])("when not even the hub's script loads, with %s", async (_, path) => {
    const a = await open(SHOP_A, path, {}, fresh);
    const chat = await startChat(a);
    await a.reload();
    expect(await a.waitFor(() => widgets.session())).toEqual(chat);
  });
});

describe("when third-party cookies are blocked", () => {
  let blocking: Browser;

  beforeAll(async () => {
    blocking = await world.launch({ policy: "block" });
  });

  afterAll(() => blocking?.close());

  test.each([
    ["an own instance", OWN],
    ["the extension", EXTENSION],
  ])("the chat starts all the same, and shares nothing, with %s", async (_, path) => {
    const a = await open(SHOP_A, path, {}, blocking);
    const chat = await startChat(a);
    await a.waitFor(() => notifications.length > 0);
    expect(await a.eval(() => notifications)).toEqual([false]);
    await a.reload();
    expect(await a.waitFor(() => widgets.session())).toEqual(chat);

    const b = await open(SHOP_B, path, {}, blocking);
    await started(b);
    await b.waitFor(() => notifications.length > 0);
    await quiet(b);
    expect(await session(b)).toBeNull();
    expect(await visibleSessions(b, name)).toEqual([]);
    expect(await startChat(b)).not.toEqual(chat);
    expect((await blocking.cookies()).filter(({ domain }) => domain.endsWith("hub.test"))).toEqual([]);
  });

  test("the extension shows the hub's card when the chat is opened", async () => {
    const a = await open(SHOP_A, EXTENSION, {}, blocking);
    await started(a);
    const hub = await a.frame();
    expect(await hub.eval(() => document.querySelectorAll("button").length)).toBe(0);
    await publish(a, "WebChat.opened");
    await expect.poll(() => hub.eval(() => document.querySelectorAll("button").length)).toBe(2);
  });
});

/** Publishes as the named plugin would. */
function publish(page: Page, event: string): Promise<void> {
  return page.eval((event) => {
    const [plugin = "", short = ""] = event.split(".");
    plugins[plugin]?.publish(short, {});
  }, event);
}

async function publishAfterSetting(page: Page, event: string): Promise<void> {
  await page.eval((name) => {
    document.cookie = `${name}=of-the-event; Path=/; Domain=shop-a.test; Secure`;
  }, name);
  await publish(page, event);
}

/** What a callback at the command's deferred is given. */
function command(page: Page, name: string): Promise<unknown[]> {
  return page.eval((name) => {
    const promise = _genesys.widgets.bus.command(name);
    return new Promise<unknown[]>((resolve) => promise.done((...answer) => resolve(answer)));
  }, name);
}

/** What was on its way to the hub has arrived there: a provider answers in order. */
async function quiet(page: Page): Promise<void> {
  await page.eval(() => new Promise((resolve) => setTimeout(resolve, 300)));
}
