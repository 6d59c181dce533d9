/** The hub's first word brings the session to a page that has nothing of its own; to nobody else. Chromium, cookies allowed. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../protocol/digest.ts";
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
  baseCookieName,
  clear,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  startChat,
  uniqueName,
  visibleSessions,
} from "./shop.ts";

/** The hub's page as it would be without `frame-ancestors`: here the script's own checks stand alone. */
const OPEN_HUB = "https://open-hub.test";
const STRANGERS = [
  "https://shop-a.test.evil.test",
  "https://evilshop-a.test",
  "https://sub.shop-a.test",
  "https://shop-a.test:8443",
  "https://shop-c.test",
];

/**
 * A page that loads its session at once, and whose port to the hub is silent until `speak()`: before that, it hears nothing but
 * the hub's first word.
 */
const QUIET_HEAD = `
  <script>delete Navigator.prototype.userAgentData; // Nothing is asked early: this is about the frame.</script>
  <script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>
  <script>
    const { name, cookie, baseName, base } = JSON.parse(decodeURIComponent(location.search.slice(1)));
    if (cookie) document.cookie = name + "=" + cookie + "; Path=/; Secure";
    if (base) document.cookie = baseName + "=" + base + "; Path=/; Secure";
    events = [];
    const post = MessagePort.prototype.postMessage;
    const kept = [];
    MessagePort.prototype.postMessage = function (message) { kept.push([this, message]); };
    speak = () => {
      MessagePort.prototype.postMessage = post;
      for (const [port, message] of kept) port.postMessage(message);
    };
    provider = new CookieProvider(name, "${IFRAME_URL}", undefined, { timeoutMs: 3000 });
    for (const type of ["status", "session", "saved"]) {
      provider.addEventListener(type, ({ detail }) => events.push({ type, detail }));
    }
    answer = provider.loadCookie();
    answers = [answer, provider.loadCookie()];
  </script>`;

declare global {
  var answer: Promise<string | null>;
  var answers: Promise<string | null>[];
  var speak: () => void;
}

let world: World;
let browser: Browser;
let name: string;

beforeAll(async () => {
  const domains = [SHOP_A, SHOP_B, "https://*.shop-c.test"];
  world = await startWorld({ tenants: { acme: JSON.stringify(domains) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
  world.sites.serve("shop-b.test", "/quiet", shopPage({ head: QUIET_HEAD }));
  for (const origin of [SHOP_A, "https://www.shop-c.test", ...STRANGERS]) {
    world.sites.serve(new URL(origin).hostname, "/embedding", shopPage());
  }
  world.sites.serve("open-hub.test", "/", shopPage());
  browser = await world.launch({ policy: "allow" });
  const page = await browser.open(`${SHOP_A}/embedding`);
  const hubPage = await page.eval(async (url) => (await fetch(url)).text(), IFRAME_URL);
  const body = hubPage.replace(/"storageAccess":[^,]+/, '"storageAccess":"active"');
  world.sites.serve("open-hub.test", "/t/acme/iframe.html", { body });
});

afterAll(() => world?.close());

beforeEach(() => {
  name = uniqueName();
});

afterEach(() => closeTabs(browser));

/** Another shop has saved a chat on the hub. */
async function saveElsewhere(session: string): Promise<Page> {
  const shop = await openShop(browser, SHOP_A, { name });
  await load(shop);
  await startChat(shop, name, session);
  expect(await save(shop)).toBe(true);
  return shop;
}

function openQuiet(state: { cookie?: string; base?: string } = {}, fragment = ""): Promise<Page> {
  const query = JSON.stringify({ name, baseName: baseCookieName(name), ...state });
  return browser.open(`${SHOP_B}/quiet?${encodeURIComponent(query)}${fragment}`);
}

describe("the hub's first word", () => {
  test("brings the session to a page that has nothing of its own; the port then changes nothing", async () => {
    await saveElsewhere("chat-1");
    const page = await openQuiet();
    expect(await page.eval(() => answer)).toBe("chat-1");
    expect(await visibleSessions(page, name)).toEqual(["chat-1"]);
    expect(await page.eval(() => provider.status.access)).toBe("granted");

    await page.eval(() => speak());
    expect(await load(page)).toBe("chat-1");
    expect(await page.eval(() => events.map(({ type }) => type))).toEqual(["status"]);
    expect(await visibleSessions(page, name)).toEqual(["chat-1"]);
  });

  test("answers every call that waits", async () => {
    await saveElsewhere("chat-1");
    const page = await openQuiet();
    expect(await page.eval(() => Promise.all(answers))).toEqual(["chat-1", "chat-1"]);
  });

  test.each([
    ["a chat of its own now", { cookie: "own" }, "", "own"],
    ["shared an earlier chat", { base: `${digestOf("earlier")}.` }, "", null],
    ["ended a chat", { base: `${digestOf("earlier")}!` }, "", null],
    ["had a code from a link", {}, "#carryover=AbCdEfGhIjKlMnOpQrStUv", null],
  ])("is not enough for a page that has %s", async (_, state, fragment, session) => {
    await saveElsewhere("chat-1");
    const page = await openQuiet(state, fragment);
    expect(await page.eval(() => answer)).toBe(session);
  });

  test("is remembered at once: a page that is left before the port speaks takes the next chat, too", async () => {
    const shop = await saveElsewhere("chat-1");
    const page = await openQuiet();
    expect(await page.eval(() => answer)).toBe("chat-1");
    await page.eval(() => provider.destroy());
    await startChat(shop, name, "chat-2");
    expect(await save(shop)).toBe(true);
    expect(await load(await openShop(browser, SHOP_B, { name }))).toBe("chat-2");
  });

  test("does not keep a chat that has been ended since", async () => {
    const shop = await saveElsewhere("chat-1");
    const page = await openQuiet();
    expect(await page.eval(() => answer)).toBe("chat-1");
    expect(await clear(shop)).toBe(true);
    await page.eval(() => speak());
    expect(await page.waitFor(() => events.find(({ type }) => type === "session"))).toEqual({
      type: "session",
      detail: { value: null },
    });
    expect(await visibleSessions(page, name)).toEqual([]);
    expect(await load(shop)).toBeNull();
  });
});

// The page had no session to end when it asked, and so nothing for its base; the hub's word of one then came in between.
test("a chat that is ended while it is being loaded does not come back", async () => {
  await saveElsewhere("chat-1");
  const page = await openShop(browser, SHOP_B, { name });
  const answers = await page.eval(() => Promise.all([provider.loadCookie(), provider.clearCookie()]));
  expect(answers).toEqual([null, true]);
  expect(await visibleSessions(page, name)).toEqual([]);
  await page.reload();
  expect(await load(page)).toBeNull();
});

test("a chat whose end the hub did not hear of, while it was loaded at the same time, is ended at the next load", async () => {
  const shop = await saveElsewhere("chat-1");
  const page = await openShop(browser, SHOP_B, { name });
  expect(await load(page)).toBe("chat-1");
  world.setHub("refusing");
  const answers = await page.eval(() => Promise.all([provider.clearCookie(), provider.loadCookie()]));
  world.setHub("up");
  expect(answers).toEqual([false, null]);
  await page.reload();
  expect(await load(page)).toBeNull();
  // The hub is told once the page has its answer.
  await expect.poll(() => load(shop)).toBeNull();
});

describe("the script's own check, where anybody can embed the hub", () => {
  let hub: Page;

  beforeAll(async () => {
    // In the tab that stays.
    hub = browser.pages()[0] as Page;
    await hub.goto(`${OPEN_HUB}/`);
  });

  /** Embeds the hub and resolves with all that it says in 400 ms. */
  async function embed(origin: string, frameName: string): Promise<unknown[]> {
    await hub.eval((name) => {
      document.cookie = `__Host-acme.${name}=secret; Secure; Path=/; SameSite=None`;
    }, name);
    const page = await browser.open(`${origin}/embedding`);
    return page.eval(
      async (url, frameName) => {
        const heard: unknown[] = [];
        addEventListener("message", ({ data }) => heard.push(data));
        const iframe = document.createElement("iframe");
        Object.assign(iframe, { name: frameName, src: url });
        document.body.append(iframe);
        await new Promise((resolve) => (iframe.onload = resolve));
        await new Promise((resolve) => setTimeout(resolve, 400));
        return heard;
      },
      `${OPEN_HUB}/t/acme/iframe.html`,
      frameName,
    );
  }

  test.each([
    [SHOP_A, "-"],
    ["https://www.shop-c.test", ".shop-c.test"],
  ])("lets %s hear the session", async (origin, scope) => {
    const standing = { id: 0, access: "granted", reason: expect.any(String), links: expect.any(String), scope };
    const decided = { session: "secret", base: `${digestOf("secret")}.`, saved: false, pending: false };
    expect(await embed(origin, `carryover:${name}`)).toEqual([
      { type: "carryover:hello", loaded: { type: "loaded", ...standing, ...decided } },
    ]);
  });

  test.each(STRANGERS)("tells %s nothing but hello", async (origin) => {
    expect(await embed(origin, `carryover:${name}`)).toEqual([{ type: "carryover:hello" }]);
  });

  test.each(["", "carryover:", "carryover:another", "carryover:a; b", "carryover:__proto__"])(
    "tells a page that names its frame %j nothing but hello",
    async (frameName) => {
      expect(await embed(SHOP_A, frameName)).toEqual([{ type: "carryover:hello" }]);
    },
  );
});
