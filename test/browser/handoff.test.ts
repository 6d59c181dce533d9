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
  pause,
  putHtml,
  serveLinkedShops,
  sessionOf,
  startOnA,
} from "./linked-shops.ts";
import { IFRAME_URL, closeTabs, startChat, uniqueName } from "./shop.ts";

const SHOP_C = "https://www.shop-c.test";
const ELSEWHERE = "https://elsewhere.test";

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

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", (engine) => {
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

    async function start(session: string): Promise<void> {
      ({ page, name } = await startOnA(browser, session));
    }

    test("a link carries the chat, and leaves no trace in the address", async () => {
      await start("from-a");
      expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("from-a");
      expect(await sessionOf(page, name)).toBe("from-a");
      expect(await page.eval(() => location.href)).toBe(linkedShop(SHOP_B, { name }));
      expect(await page.eval(() => analytics)).toBe(linkedShop(SHOP_B, { name }));
      expect(await page.eval(() => errors)).toEqual([]);
    });

    test("reload, back and forward: the chat goes on, and nothing complains", async () => {
      await start("steady");
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
      await start("first");
      await goOver(page, linkedShop(SHOP_B, { name }));
      await chatOn(page, name, "second");
      expect(await goOver(page, linkedShop(SHOP_A, { name }))).toBe("second");
      expect(await sessionOf(page, name)).toBe("second");
    });

    test("the keyboard does as well", async () => {
      await start("typed");
      await putHtml(page, `<a id="over" href="${linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")}">Over</a>`);
      await page.eval(() => document.getElementById("over")?.focus());
      await page.press("Enter");
      expect(await arrived(page, SHOP_B)).toBe("typed");
    });

    test("a new tab has the chat, too", async () => {
      await start("tabbed");
      await putHtml(
        page,
        `<a id="over" target="_blank" href="${linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")}">Over</a>`,
      );
      const tab = await page.popup(() => page.click("#over"));
      expect(await arrived(tab, SHOP_B)).toBe("tabbed");
      await tab.close();
    });

    test.each(["get", "post"])("a form sent by %s carries it, and what it says arrives", async (method) => {
      await start("formal");
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
      await start("targeted");
      const href = linkedShop(SHOP_B, { name, rest: "#section" });
      expect(await goOver(page, href)).toBe("targeted");
      expect(await page.eval(() => [analytics, location.href])).toEqual([href, href]);
      await page.waitFor(() => document.querySelector(":target")?.id === "section");
      const route = linkedShop(SHOP_A, { name, rest: "#/basket?a=b&c=%20d" });
      await goOver(page, route);
      expect(await page.eval(() => [analytics, location.href])).toEqual([route, route]);
    });

    test("without a referrer a code is not believed", async () => {
      await start("kept");
      const decorated = await page.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name }));
      expect(decorated).toContain("#carryover=");
      await page.eval(() => provider.destroy());
      expect(await goOver(page, decorated, `rel="noreferrer"`)).toBeNull();
      expect(await page.eval(() => location.hash)).toBe("");
      expect(await page.eval(() => errors)).toEqual([]);
    });
  });
});

describe("a page", () => {
  let browser: Browser;
  let page: Page;
  let name: string;

  beforeAll(async () => {
    browser = await world.launch(BLOCKED.chromium);
  });

  afterAll(() => browser?.close());

  afterEach(() => closeTabs(browser));

  async function start(session: string, options?: { handoff: boolean }): Promise<void> {
    ({ page, name } = await startOnA(browser, session, options));
  }

  function mints(): number {
    return page.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/handoff")).length;
  }

  test("has links to any subdomain of a wildcard carry the chat", async () => {
    await start("wild");
    expect(await goOver(page, linkedShop(SHOP_C, { name }))).toBe("wild");
  });

  test("can decorate a URL by hand, for navigations of its scripts", async () => {
    await start("by hand");
    const url = linkedShop(SHOP_B, { name, rest: "#section" });
    const decorated = await page.eval((url) => provider.decorate(url), url);
    expect(decorated).toMatch(/#carryover=[\w-]{22}&section$/);
    await page.eval((url) => location.assign(url), decorated);
    expect(await arrived(page, SHOP_B)).toBe("by hand");
    expect(await page.eval(() => location.href)).toBe(url);
  });

  test("gets a URL that leads nowhere else among its sites back from decorate as it is", async () => {
    await start("own");
    const before = mints();
    for (const url of [
      `${ELSEWHERE}/`,
      `${SHOP_A}/other`,
      "/other",
      "mailto:help@shop-b.test",
      "javascript:void 0",
      "https://shop-b.test.elsewhere.test/",
      "https://shop-c.test/",
      "https://shop-b.test:8443/",
      "no URL : //",
    ])
      expect(await page.eval((url) => provider.decorate(url), url)).toBe(url);
    expect(mints()).toBe(before);
  });

  test("without a session decorates nothing, and loads nothing for it", async () => {
    page = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    await loaded(page);
    expect(await page.eval((url) => provider.decorate(url), `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
    expect(page.requests.filter(({ url }) => url.includes("links.mjs"))).toEqual([]);
  });

  test("leaves a link alone that leads nowhere else among its sites", async () => {
    await start("untouched");
    const before = mints();
    for (const html of [
      `<a id="over" href="${ELSEWHERE}/">x</a>`,
      `<a id="over" href="/there">x</a>`,
      `<a id="over" download href="${SHOP_B}/">x</a>`,
      `<a id="over" href="mailto:help@shop-b.test">x</a>`,
      `<form action="${ELSEWHERE}/"><button id="over">x</button></form>`,
      `<form><button id="over">x</button></form>`,
    ]) {
      await putHtml(page, html);
      const left = await page.eval(async () => {
        const over = document.getElementById("over");
        const before = document.getElementById("room")?.innerHTML;
        const seen: unknown[] = [];
        const types = over?.localName === "a" ? ["click"] : ["click", "submit"];
        for (const type of types)
          addEventListener(
            type,
            (event) => {
              seen.push([type, event.defaultPrevented, document.getElementById("room")?.innerHTML === before]);
              if (type === "submit" || over?.localName === "a") event.preventDefault();
            },
            { once: true },
          );
        over?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
        over?.click();
        return seen;
      });
      const events = html.startsWith("<form") ? ["click", "submit"] : ["click"];
      expect(left, html).toEqual(events.map((type) => [type, false, true]));
    }
    expect(mints()).toBe(before);
  });

  test.each([
    ["with Ctrl", { modifier: "ctrl", holdMs: 200 }],
    ["with Shift", { modifier: "shift", holdMs: 200 }],
    ["with the middle button", { button: "middle", holdMs: 200 }],
  ] as const)("has a tab that is opened %s take the chat along", async (_, options) => {
    await start("aside");
    await putHtml(page, `<a id="over" href="${SHOP_B}/?name=${name}">Over</a>`);
    const tab = await page.popup(() => page.click("#over", options));
    expect(await arrived(tab, SHOP_B)).toBe("aside");
    expect(await page.eval(() => location.origin)).toBe(SHOP_A);
  });

  test("has a tab that is opened with Ctrl before there is a code, without the chat", async () => {
    await start("too quick");
    world.setHub("silent");
    await putHtml(page, `<a id="over" href="${SHOP_B}/bare">Over</a>`);
    const tab = await page.popup(() => page.click("#over", { modifier: "ctrl" }));
    expect(await tab.eval(() => location.href)).toBe(`${SHOP_B}/bare`);
  });

  test("has its links back as they were once the browser has gone by them", async () => {
    await start("restored");
    await putHtml(page, `<a id="over" target="_blank" href="//shop-b.test/?name=${name}#section">Over</a>`);
    const tab = await page.popup(() => page.click("#over"));
    expect(await arrived(tab, SHOP_B)).toBe("restored");
    expect(await page.eval(() => document.getElementById("over")?.getAttribute("href"))).toBe(
      `//shop-b.test/?name=${name}#section`,
    );
  });

  test("whose own script handles the click is not navigated", async () => {
    await start("handled");
    await putHtml(page, `<a id="over" href="${SHOP_B}/">Over</a>`);
    await page.eval(() => {
      document.getElementById("over")!.onclick = (event) => {
        event.preventDefault();
        events.push({ type: "handled", detail: null });
      };
    });
    await page.click("#over");
    await page.waitFor(() => events.some(({ type }) => type === "handled"));
    await pause(page, 600);
    expect(await page.eval(() => [location.origin, events.filter(({ type }) => type === "handled").length])).toEqual([
      SHOP_A,
      1,
    ]);
  });

  test.each([
    ["silent", "silent"],
    ["dead", "refusing"],
  ] as const)("is not held up by a hub that is %s: its link goes without the chat", async (_, state) => {
    await start("late");
    world.setHub(state);
    await putHtml(page, `<a id="over" href="${ELSEWHERE}/">x</a>`);
    await putHtml(page, `<a id="over" href="${SHOP_B}/plain?name=${name}#section">Over</a>`);
    await page.click("#over");
    await page.waitFor((origin = "https://shop-b.test") => location.origin === origin);
    expect(await page.eval(() => location.hash)).toBe("#section");
  });

  test("with handoff: false sends no chat along, and takes none", async () => {
    await start("private", { handoff: false });
    await pause(page, 500);
    expect(await page.eval((url) => provider.decorate(url), `${SHOP_B}/`)).toBe(`${SHOP_B}/`);
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBeNull();

    await start("offered");
    expect(await goOver(page, linkedShop(SHOP_B, { name, options: { handoff: false } }))).toBeNull();
    expect(await page.eval(() => analytics)).not.toContain("carryover");
  });

  test("of a tenant with handoff: false sends no chat along", async () => {
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
      else await pause(page, 500);
      expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe(name === willing ? "pinned" : null);
    }
  });

  test("with several providers has each session carried by one link", async () => {
    await start("one");
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
    await start("twice");
    // As text: what is no function is not bundled.
    await page.eval(`(async () => {
      const { CookieProvider } = await import("${HUB_ORIGIN}/cookie-provider.mjs");
      await new CookieProvider("${name}", "${IFRAME_URL}").loadCookie();
    })()`);
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("twice");
  });

  test("that destroys its provider has plain links again", async () => {
    await start("destroyed");
    await page.eval(() => provider.destroy());
    const before = mints();
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBeNull();
    expect(mints()).toBe(before);
  });

  test("duplicated, or opened by a copied address, has the chat without a code", async () => {
    await start("copied");
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
    await start("secret-session");
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
