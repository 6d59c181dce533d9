/**
 * A code that has arrived. Browsers keep the address that they loaded in places where nobody can wipe it out, so the code is used up
 * as the script runs; and what comes into a page that is there already is nobody's word.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
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
  BLOCKED,
  arrived,
  goOver,
  linkedShop,
  pause,
  putHtml,
  redeemFromHub,
  serveLinkedShops,
  startOnA,
} from "./linked-shops.ts";
import { IFRAME_URL, closeTabs, forgetSite, startChat } from "./shop.ts";

const SHOP_C = "https://shop-c.test";
const SHOP_D = "https://shop-d.test";
const SCRIPT = `${HUB_ORIGIN}/cookie-provider.min.js`;

let world: World;

/** What a page keeps of the addresses that its listeners see. */
declare global {
  var addresses: string[];
}

const LISTENERS = `<script>
  addresses = [];
  for (const type of ["popstate", "hashchange"]) {
    addEventListener(type, (event) => addresses.push(location.href, event.newURL ?? ""));
    onhashchange = (event) => addresses.push(location.href, event.newURL);
  }
</script>`;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, SHOP_C, SHOP_D]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test"]);
  // The script is there in time, and the provider only after the visitor's consent.
  world.sites.serve("shop-b.test", "/late", shopPage({ head: `<script src="${SCRIPT}"></script>` }));
  const policy = `default-src 'self' 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval' ${HUB_ORIGIN}; frame-src ${HUB_ORIGIN}`;
  serveLinkedShops(world, ["shop-c.test"], { "content-security-policy": policy });
  serveLinkedShops(world, ["shop-d.test"], {}, `<script src="${SCRIPT}"></script>${LISTENERS}`);
  world.sites.serve("evil.test", "/*", shopPage());
});

afterAll(() => world?.close());

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`a code (${why ?? "had here"})`, () => {
    let browser: Browser;
    let page: Page;
    let name: string;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    afterEach(() => closeTabs(browser));

    async function start(session: string): Promise<void> {
      ({ page, name } = await startOnA(browser, session));
    }

    test("is used up as the script runs, before there is a provider, which gets the session all the same", async () => {
      await start("in time");
      const href = await page.eval((to) => provider.decorate(to), `${SHOP_B}/late`);
      expect(href).toContain("#carryover=");
      await putHtml(page, `<a id="over" href="${href}">Over</a>`);
      await page.eval(() => provider.destroy());
      await page.click("#over");
      await page.waitFor(() => location.pathname === "/late" && document.readyState === "complete");
      expect(await page.eval(() => location.hash)).toBe("");
      await page.waitFor(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/redeem")));
      expect(await redeemFromHub(browser, new URL(href).hash.replace("#carryover=", ""), name, SHOP_B)).toBe(403);
      const session = await page.eval(
        (name, iframeUrl) => new CookieProvider(name, iframeUrl).loadCookie(),
        name,
        IFRAME_URL,
      );
      expect(session).toBe("in time");
    });

    test("is redeemed by the hub's iframe where the page's policy does not let it ask", async () => {
      await start("by the frame");
      expect(await goOver(page, linkedShop(SHOP_C, { name }))).toBe("by the frame");
      expect(await page.eval(() => errors)).toEqual([]);
    });

    test("that comes into a window which shows the page already is taken off, unseen, and comes to nothing", async () => {
      await start("first");
      const href = linkedShop(SHOP_D, { name, rest: "#start" });
      await putHtml(page, `<a id="over" target="chatwin" href="${href.replaceAll("&", "&amp;")}">Over</a>`);
      const other = await page.popup(() => page.click("#over"));
      expect(await arrived(other, SHOP_D)).toBe("first");
      await startChat(page, name, "second");
      const next = linkedShop(SHOP_D, { name, rest: "#next" });
      const decorated = await page.eval((to) => provider.decorate(to), next);
      expect(decorated).toContain("#carryover=");
      await page.eval((href) => {
        const link = document.getElementById("over");
        link?.setAttribute("href", href);
      }, next);
      await page.click("#over");
      await other.waitFor(() => addresses.length >= 3);
      const seen = await other.eval(() => [location.href, ...addresses.filter(Boolean)]);
      expect([...new Set(seen)]).toEqual([next]);
      await pause(other, 500);
      expect(await other.eval((name) => document.cookie.includes(`${name}=first`), name)).toBe(true);
    });
  });
});

describe("what a link has brought", () => {
  let browser: Browser;
  let page: Page;
  let name: string;

  beforeAll(async () => {
    browser = await world.launch({ policy: "allow" });
  });

  afterAll(() => browser?.close());

  async function arriveOnB(): Promise<void> {
    ({ page, name } = await startOnA(browser, "old"));
    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("old");
  }

  /** As a single-page app does that mounts twice. */
  function remount(): Promise<string | null> {
    return page.eval(
      (name, url) => {
        provider.destroy();
        provider = new CookieProvider(name, url);
        return provider.loadCookie();
      },
      name,
      IFRAME_URL,
    );
  }

  test("does not come back with another provider, once it was ended", async () => {
    await arriveOnB();
    expect(await page.eval(() => provider.clearCookie())).toBe(true);
    expect(await remount()).toBeNull();
  });

  test("does not overwrite what came after it", async () => {
    await arriveOnB();
    await startChat(page, name, "newer");
    expect(await page.eval(() => provider.saveCookie())).toBe(true);
    expect(await remount()).toBe("newer");
  });
});

describe("a window that another site has hold of", () => {
  test("cannot be seated in a stranger's chat by its fragment", async () => {
    const browser = await world.launch(BLOCKED.chromium);
    // The attacker is a visitor of shop A like any other.
    const { page: attacker, name } = await startOnA(browser, "attackers-chat");
    const crafted = await attacker.eval((to) => provider.decorate(to), linkedShop(SHOP_B, { name }));
    await attacker.eval(() => provider.clearCookie());
    await forgetSite(attacker);

    const evil = await browser.open("https://evil.test/");
    await evil.eval(
      (url) => {
        const button = Object.assign(document.createElement("button"), { id: "open", textContent: "Open" });
        button.addEventListener("click", () => Object.assign(window, { victim: window.open(url) }));
        document.body.append(button);
      },
      linkedShop(SHOP_A, { name }),
    );
    const victim = await evil.popup(() => evil.click("#open"));
    // The victim goes on to shop B by a link of shop A: its referrer is the one that the code asks for.
    expect(await goOver(victim, linkedShop(SHOP_B, { name }))).toBeNull();
    await evil.eval((url) => {
      (window as unknown as { victim: Window }).victim.location = url;
    }, crafted);
    await pause(victim, 1500);
    expect(await victim.eval(() => location.hash)).toBe("");
    expect(await victim.eval(() => provider.loadCookie())).toBeNull();
    await browser.close();
  });
});
