/**
 * A chat follows a link, third-party cookies blocked, without a click for it: in three engines. What else leads away, what is
 * left alone, and what an address goes through is shown in Chromium.
 */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type World,
  poll,
  shopPage,
  startWorld,
} from "./harness/index.ts";
import {
  BLOCKED,
  arrived,
  chatOn,
  goOver,
  linkedShop,
  linksCarry,
  loaded,
  putHtml,
  serveLinkedShops,
  sessionOf,
} from "./linked-shops.ts";
import { IFRAME_URL, startChat, uniqueName } from "./shop.ts";

const SHOP_C = "https://www.shop-c.test";
const ELSEWHERE = "https://elsewhere.test";

/** A slow machine is sometimes later than the 300 ms that a link waits, and then rightly goes without the chat. */
const PATIENT = { retry: 3 };

const VERSIONS = path.join(import.meta.dirname, "../../dist/assets/v");
const MANIFEST = path.join(VERSIONS, readdirSync(VERSIONS)[0] ?? "", "manifest.json");

let world: World;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, "https://*.shop-c.test"]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test", "www.shop-c.test", "elsewhere.test"]);
  // Without the hub's script, for which it would wait while the hub is silent.
  world.sites.serve("shop-b.test", "/bare", shopPage());
});

afterAll(() => world?.close());

afterEach(() => world.setHub("up"));

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", PATIENT, (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`third-party cookies blocked (${why ?? "had here"})`, () => {
    let browser: Browser;
    let page: Page;
    let name: string;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    afterEach(() => page?.close());

    async function startOnA(session: string): Promise<void> {
      name = uniqueName();
      page = await browser.open(linkedShop(SHOP_A, { name }));
      await chatOn(page, name, session);
    }

    test("a link carries the chat, and leaves no trace in the address", async () => {
      await startOnA("from-a");
      expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("from-a");
      expect(await sessionOf(page, name)).toBe("from-a");
      expect(await page.eval(() => location.href)).toBe(linkedShop(SHOP_B, { name }));
      expect(await page.eval(() => analytics)).toBe(linkedShop(SHOP_B, { name }));
      expect(await page.eval(() => errors)).toEqual([]);
    });

    test("reload, back and forward: the chat goes on, and nothing complains", async () => {
      await startOnA("steady");
      await goOver(page, linkedShop(SHOP_B, { name }));
      await page.reload();
      expect(await loaded(page)).toBe("steady");
      await page.back();
      expect(await arrived(page, SHOP_A)).toBe("steady");
      await goOver(page, linkedShop(SHOP_B, { name }));
      expect(await sessionOf(page, name)).toBe("steady");
      expect(await page.eval(() => errors)).toEqual([]);
    });

    test("there and back again: what the chat has become on the other shop comes home", async () => {
      await startOnA("first");
      await goOver(page, linkedShop(SHOP_B, { name }));
      await chatOn(page, name, "second");
      expect(await goOver(page, linkedShop(SHOP_A, { name }))).toBe("second");
      expect(await sessionOf(page, name)).toBe("second");
    });

    test("the keyboard does as well", async () => {
      await startOnA("typed");
      await putHtml(page, `<a id="over" href="${linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")}">Over</a>`);
      await page.eval(() => document.getElementById("over")?.focus());
      await page.press("Enter");
      expect(await arrived(page, SHOP_B)).toBe("typed");
    });

    test("a new tab has the chat, too", async () => {
      await startOnA("tabbed");
      await putHtml(
        page,
        `<a id="over" target="_blank" href="${linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")}">Over</a>`,
      );
      const tab = await page.popup(() => page.click("#over"));
      expect(await arrived(tab, SHOP_B)).toBe("tabbed");
      await tab.close();
    });

    test.each(["get", "post"])("a form sent by %s carries it, and what it says arrives", async (method) => {
      await startOnA("formal");
      await putHtml(
        page,
        `<form method="${method}" action="${SHOP_B}/?name=${name}">
          <input type="hidden" name="name" value="${name}"><input type="hidden" name="q" value="shoes"><button id="send">Send</button>
        </form>`,
      );
      await page.click("#send");
      expect(await arrived(page, SHOP_B)).toBe("formal");
      expect(await page.eval(() => `${location.search}${document.title}`)).toContain("q=shoes");
    });

    test("a fragment survives: scripts, :target and hash routers see it as it was written", async () => {
      await startOnA("targeted");
      const href = linkedShop(SHOP_B, { name, rest: "#section" });
      expect(await goOver(page, href)).toBe("targeted");
      expect(await page.eval(() => [analytics, location.href])).toEqual([href, href]);
      await page.waitFor(() => document.querySelector(":target")?.id === "section");
      const route = linkedShop(SHOP_A, { name, rest: "#/basket?a=b&c=%20d" });
      await goOver(page, route);
      expect(await page.eval(() => [analytics, location.href])).toEqual([route, route]);
    });

    test("without a referrer a code is not believed", async () => {
      await startOnA("kept");
      expect(await goOver(page, linkedShop(SHOP_B, { name }), `rel="noreferrer"`)).toBeNull();
      expect(await page.eval(() => location.hash)).toBe("");
      expect(await page.eval(() => errors)).toEqual([]);
    });
  });
});

describe("a page", PATIENT, () => {
  let browser: Browser;
  let page: Page;
  let name: string;

  beforeAll(async () => {
    browser = await world.launch(BLOCKED.chromium);
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    for (const page of browser.pages().slice(1)) await page.close();
  });

  async function startOnA(session: string, options?: object): Promise<void> {
    name = uniqueName();
    page = await browser.open(linkedShop(SHOP_A, { name, ...(options && { options }) }));
    await loaded(page);
    await startChat(page, name, session);
    await page.eval(() => provider.saveCookie());
  }

  function mints(): number {
    return page.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/handoff")).length;
  }

  test("has links to any subdomain of a wildcard carry the chat", async () => {
    await startOnA("wild");
    await linksCarry(page);
    expect(await goOver(page, linkedShop(SHOP_C, { name }))).toBe("wild");
  });

  test("can decorate a URL by hand, for navigations of its scripts", async () => {
    await startOnA("by hand");
    await linksCarry(page);
    const url = linkedShop(SHOP_B, { name, rest: "#section" });
    const decorated = await page.eval((url) => provider.decorate(url), url);
    expect(decorated).toMatch(/#carryover=[\w-]{22}&section$/);
    await page.eval((url) => location.assign(url), decorated);
    expect(await arrived(page, SHOP_B)).toBe("by hand");
    expect(await page.eval(() => location.href)).toBe(url);
  });

  test.each([
    `${ELSEWHERE}/`,
    `${SHOP_A}/other`,
    "/other",
    "mailto:help@shop-b.test",
    "javascript:void 0",
    "https://shop-b.test.elsewhere.test/",
    "https://shop-c.test/",
    "http://shop-b.test/",
    "https://shop-b.test:8443/",
    "no URL : //",
  ])("gets %s back from decorate as it is", async (url) => {
    await startOnA("own");
    await linksCarry(page);
    const before = mints();
    expect(await page.eval((url) => provider.decorate(url), url)).toBe(url);
    expect(mints()).toBe(before);
  });

  test("without a session decorates nothing, and loads nothing for it", async () => {
    page = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    await loaded(page);
    expect(await page.eval((url) => provider.decorate(url), `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
    expect(page.requests.filter(({ url }) => url.includes("links.mjs"))).toEqual([]);
  });

  test.each([
    ["elsewhere", `<a id="over" href="${ELSEWHERE}/">x</a>`],
    ["on the same site", `<a id="over" href="/there">x</a>`],
    ["for a download", `<a id="over" download href="${SHOP_B}/">x</a>`],
    ["by mail", `<a id="over" href="mailto:help@shop-b.test">x</a>`],
    ["in a form to elsewhere", `<form action="${ELSEWHERE}/"><button id="over">x</button></form>`],
    ["with a form of its own", `<form><button id="over">x</button></form>`],
  ])("leaves a link alone that leads %s", async (_, html) => {
    await startOnA("untouched");
    await linksCarry(page);
    await putHtml(page, html);
    const before = mints();
    const left = await page.eval(async () => {
      const over = document.getElementById("over");
      const before = document.getElementById("room")?.innerHTML;
      const seen: unknown[] = [];
      for (const type of ["click", "submit"])
        addEventListener(type, (event) => {
          seen.push([type, event.defaultPrevented, document.getElementById("room")?.innerHTML === before]);
          if (type === "submit" || over?.localName === "a") event.preventDefault();
        });
      over?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
      over?.click();
      return seen;
    });
    const events = html.startsWith("<form") ? ["click", "submit"] : ["click"];
    expect(left).toEqual(events.map((type) => [type, false, true]));
    expect(mints()).toBe(before);
  });

  test.each([
    ["with Ctrl", { modifier: "ctrl", holdMs: 200 }],
    ["with Shift", { modifier: "shift", holdMs: 200 }],
    ["with the middle button", { button: "middle", holdMs: 200 }],
  ] as const)("has a tab that is opened %s take the chat along", async (_, options) => {
    await startOnA("aside");
    await linksCarry(page);
    await putHtml(page, `<a id="over" href="${SHOP_B}/?name=${name}">Over</a>`);
    const tab = await page.popup(() => page.click("#over", options));
    expect(await arrived(tab, SHOP_B)).toBe("aside");
    expect(await page.eval(() => location.origin)).toBe(SHOP_A);
  });

  test("has a tab that is opened with Ctrl before there is a code, without the chat", async () => {
    await startOnA("too quick");
    await linksCarry(page);
    world.setHub("silent");
    await putHtml(page, `<a id="over" href="${SHOP_B}/bare">Over</a>`);
    const tab = await page.popup(() => page.click("#over", { modifier: "ctrl" }));
    expect(await tab.eval(() => location.href)).toBe(`${SHOP_B}/bare`);
  });

  test("has its links back as they were once the browser has gone by them", async () => {
    await startOnA("restored");
    await linksCarry(page);
    await putHtml(page, `<a id="over" target="_blank" href="//shop-b.test/?name=${name}#section">Over</a>`);
    const tab = await page.popup(() => page.click("#over"));
    expect(await arrived(tab, SHOP_B)).toBe("restored");
    expect(await page.eval(() => document.getElementById("over")?.getAttribute("href"))).toBe(
      `//shop-b.test/?name=${name}#section`,
    );
  });

  test("whose own script handles the click is not navigated", async () => {
    await startOnA("handled");
    await linksCarry(page);
    await putHtml(page, `<a id="over" href="${SHOP_B}/">Over</a>`);
    await page.eval(() => {
      document.getElementById("over")!.onclick = (event) => {
        event.preventDefault();
        events.push({ type: "handled", detail: null });
      };
    });
    await page.click("#over");
    await page.waitFor(() => events.some(({ type }) => type === "handled"));
    expect(await page.eval(() => [location.origin, events.filter(({ type }) => type === "handled").length])).toEqual([
      SHOP_A,
      1,
    ]);
  });

  test.each([
    ["silent", "silent"],
    ["dead", "refusing"],
  ] as const)("is not held up by a hub that is %s: its link goes without the chat", async (_, state) => {
    await startOnA("late");
    await linksCarry(page);
    world.setHub(state);
    await putHtml(page, `<a id="over" href="${ELSEWHERE}/">x</a>`);
    await putHtml(page, `<a id="over" href="${SHOP_B}/plain?name=${name}#section">Over</a>`);
    await page.click("#over");
    await page.waitFor((origin = "https://shop-b.test") => location.origin === origin);
    expect(await page.eval(() => location.hash)).toBe("#section");
  });

  test("with handoff: false sends no chat along, and takes none", async () => {
    await startOnA("private", { handoff: false });
    await page.eval(() => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(await page.eval((url) => provider.decorate(url), `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBeNull();

    await startOnA("offered");
    await linksCarry(page);
    expect(await goOver(page, linkedShop(SHOP_B, { name, options: { handoff: false } }))).toBeNull();
    expect(await page.eval(() => analytics)).not.toContain("carryover");
  });

  test("of a tenant with handoff: false sends no chat along, and takes none", async () => {
    await world.hub.putTenant("acme-off", JSON.stringify({ TRUSTED_DOMAINS: [SHOP_A, SHOP_B], handoff: false }));
    page = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    const decorated = await page.eval(async () => {
      document.cookie = "off=chat; Path=/; Secure";
      const provider = new CookieProvider("off", "https://hub.test/t/acme-off/iframe.html");
      await provider.loadCookie();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return provider.decorate("https://shop-b.test/");
    });
    expect(decorated).toBe("https://shop-b.test/");
  });

  test("that pins the script has agreed to no other, unless it says so", async () => {
    const { files } = JSON.parse(readFileSync(MANIFEST, "utf8"));
    const { integrity } = files.find(({ file }: { file: string }) => file === "cookie-provider.min.js");
    const include = `<script src="${HUB_ORIGIN}/cookie-provider.min.js" integrity="${integrity}" crossorigin="anonymous"></script>`;
    serveLinkedShops(world, ["pinned.shop-c.test"], {}, include);
    const [silent, willing] = [uniqueName(), uniqueName()];
    for (const [name, options] of [
      [silent, {}],
      [willing, { handoff: true }],
    ] as const) {
      page = await browser.open(linkedShop("https://pinned.shop-c.test", { name, options }));
      await loaded(page);
      await startChat(page, name, "pinned");
      await page.eval(() => provider.saveCookie());
      if (name === willing) await linksCarry(page);
      else await page.eval(() => new Promise((resolve) => setTimeout(resolve, 500)));
      expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe(name === willing ? "pinned" : null);
    }
  });

  test("with several providers has each session carried by one link", async () => {
    await startOnA("one");
    const other = uniqueName();
    await page.eval(async (other) => {
      document.cookie = `${other}=two; Path=/; Secure`;
      await new CookieProvider(other, "https://hub.test/t/acme/iframe.html").loadCookie();
    }, other);
    await poll(
      () =>
        page.eval(() => provider.decorate("https://shop-b.test/").then((url) => /=[\w-]{22}\.[\w-]{22}$/.test(url))),
      { what: "two codes in one link" },
    );
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("one");
    // The page made its other provider too late to be first.
    const second = await page.eval(
      (other) => new CookieProvider(other, "https://hub.test/t/acme/iframe.html").loadCookie(),
      other,
    );
    expect(second).toBe("two");
  });

  test("that has the script twice is not kept from going", async () => {
    await startOnA("twice");
    await linksCarry(page);
    // As text: what is no function is not bundled.
    await page.eval(`(async () => {
      const { CookieProvider } = await import("${HUB_ORIGIN}/cookie-provider.mjs");
      await new CookieProvider("${name}", "${IFRAME_URL}").loadCookie();
    })()`);
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("twice");
  });

  test("that destroys its provider has plain links again", async () => {
    await startOnA("destroyed");
    await linksCarry(page);
    await page.eval(() => provider.destroy());
    const before = mints();
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBeNull();
    expect(mints()).toBe(before);
  });

  test("duplicated, or opened by a copied address, has the chat without a code", async () => {
    await startOnA("copied");
    await linksCarry(page);
    await goOver(page, linkedShop(SHOP_B, { name }));
    const redeems = () => page.requests.filter(({ url }) => url.endsWith("/redeem")).length;
    const before = redeems();
    const copy = await browser.open(await page.eval(() => location.href));
    expect(await loaded(copy)).toBe("copied");
    expect(await copy.eval(() => errors)).toEqual([]);
    expect(redeems()).toBe(before);
    expect(copy.requests.filter(({ url }) => url.endsWith("/redeem"))).toEqual([]);
  });

  test("has its session in no request but the ones to the hub", async () => {
    await startOnA("secret-session");
    await linksCarry(page);
    world.sites.clearLog();
    await goOver(page, linkedShop(SHOP_B, { name }));
    expect(world.sites.log("shop-b.test").map(({ path }) => path)).toEqual([
      new URL(linkedShop(SHOP_B, { name })).pathname + new URL(linkedShop(SHOP_B, { name })).search,
    ]);
    expect(JSON.stringify(world.sites.log("shop-b.test").map(({ headers }) => headers.referer))).not.toContain(
      "carryover",
    );
  });
});
