/** A session that the hub brings to a page is written no wider than the tenant's trust; what a sibling plants is told where it can be. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Browser, HUB_ORIGIN, type Page, SHOP_B, type World, shopPage, startWorld } from "./harness/index.ts";
import { closeTabs, load, openShop, save, serveShops, startChat, uniqueName, visibleSessions } from "./shop.ts";

const WWW = "https://www.shop-a.test";
const BLOG = "https://blog.shop-a.test";
const HELP = "https://help.shop-a.test";
const IFRAME = (tenant: string) => `${HUB_ORIGIN}/t/${tenant}/iframe.html`;

let world: World;
let browser: Browser;
let name: string;

beforeAll(async () => {
  world = await startWorld({
    tenants: {
      exact: JSON.stringify([WWW, SHOP_B]),
      wild: JSON.stringify(["https://*.shop-a.test", SHOP_B]),
      apex: JSON.stringify(["https://shop-a.test", "https://*.shop-a.test", SHOP_B]),
      narrow: JSON.stringify(["https://*.www.shop-a.test", WWW, SHOP_B]),
      plain: JSON.stringify([WWW, "https://*.shop-a.test:8443", SHOP_B]),
    },
  });
  serveShops(world, ["shop-a.test", "www.shop-a.test", "help.shop-a.test", "shop-b.test"]);
  world.sites.serve("blog.shop-a.test", "/*", shopPage());
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

beforeEach(() => {
  name = uniqueName();
});

afterEach(() => closeTabs(browser));

/** A chat begins on shop B, and the visitor goes on to another site of the tenant. */
async function bringTo(origin: string, tenant: string, options = {}): Promise<Page> {
  const b = await openShop(browser, SHOP_B, { name, iframeUrl: IFRAME(tenant) });
  await startChat(b, name, "brought");
  expect(await save(b)).toBe(true);
  const page = await openShop(browser, origin, { name, iframeUrl: IFRAME(tenant), options });
  expect(await load(page)).toBe("brought");
  return page;
}

async function domainsOfSession(): Promise<string[]> {
  const cookies = await browser.cookies();
  return cookies.filter((one) => one.name === name && one.domain.endsWith("shop-a.test")).map(({ domain }) => domain);
}

describe("a session that the hub brings", () => {
  test("is not shown to a sibling that the tenant does not trust", async () => {
    await bringTo(WWW, "exact");
    world.sites.clearLog();
    const blog = await browser.open(`${BLOG}/`);
    expect(await blog.eval(() => document.cookie)).not.toContain("brought");
    expect(JSON.stringify(world.sites.log("blog.shop-a.test"))).not.toContain("brought");
    expect(await domainsOfSession()).toEqual(["www.shop-a.test"]);
  });

  test.each([
    ["wild", WWW, ".shop-a.test"],
    ["apex", "https://shop-a.test", ".shop-a.test"],
    // Within the wildcard, and so not for its siblings.
    ["narrow", WWW, ".www.shop-a.test"],
    // A wildcard for another port trusts other pages.
    ["plain", WWW, "www.shop-a.test"],
  ])("to a page of the tenant %s at %s is for %s", async (tenant, origin, domain) => {
    await bringTo(origin, tenant);
    expect(await domainsOfSession()).toEqual([domain]);
  });

  test("is the host's on demand, whatever the tenant trusts", async () => {
    await bringTo(WWW, "wild", { cookie: { domain: "host" } });
    expect(await domainsOfSession()).toEqual(["www.shop-a.test"]);
  });

  test("to subdomains that are trusted is there without the hub", async () => {
    await bringTo(WWW, "wild");
    world.setHub("refusing");
    const help = await browser.open(`${HELP}/`);
    world.setHub("up");
    expect(await visibleSessions(help, name)).toEqual(["brought"]);
  });
});

describe("what the page's own chat has written", () => {
  test("stays as wide as it is", async () => {
    const page = await openShop(browser, WWW, { name, iframeUrl: IFRAME("exact") });
    await startChat(page, name, "own");
    expect(await save(page)).toBe(true);
    expect(await load(page)).toBe("own");
    expect(await domainsOfSession()).toEqual([".shop-a.test"]);
  });
});

describe("a session that the page writes beside the one that the hub has brought", () => {
  test.each([
    ["for the whole site", "Domain=shop-a.test; Path=/", ".shop-a.test"],
    ["for its host", "Path=/", "www.shop-a.test"],
  ])("%s is the one that is saved, and the only one from then on", async (_, scope, domain) => {
    const page = await bringTo(WWW, "exact");
    await page.eval(
      (name, scope) => {
        document.cookie = `${name}=newer; ${scope}; Secure`;
      },
      name,
      scope,
    );
    expect(await save(page)).toBe(true);
    expect(await visibleSessions(page, name)).toEqual(["newer"]);
    expect(await domainsOfSession()).toEqual([domain]);
    expect(await load(page)).toBe("newer");
    expect(await load(await openShop(browser, SHOP_B, { name, iframeUrl: IFRAME("exact") }))).toBe("newer");
  });
});

describe("a session that a sibling has planted", () => {
  /** The same name for the whole site, from a page that the tenant does not trust. */
  async function plant(cookieName: string): Promise<void> {
    const blog = await browser.open(`${BLOG}/`);
    await blog.eval((cookieName) => {
      document.cookie = `${cookieName}=planted; Domain=shop-a.test; Path=/; Secure`;
    }, cookieName);
    await blog.close();
  }

  test("is refused, and not spread, on a page whose session cookie is its host's", async () => {
    await plant(name);
    const page = await openShop(browser, WWW, {
      name,
      iframeUrl: IFRAME("exact"),
      options: { cookie: { domain: "host" } },
    });
    expect(await load(page)).toBeNull();
    await plant(name);
    expect(await save(page)).toBe(false);
    const b = await openShop(browser, SHOP_B, { name, iframeUrl: IFRAME("exact") });
    expect(await load(b)).toBeNull();
  });

  test("does not take the place of the page's own there", async () => {
    const page = await openShop(browser, WWW, {
      name,
      iframeUrl: IFRAME("exact"),
      options: { cookie: { domain: "host" } },
    });
    await plant(name);
    await page.eval((name) => {
      document.cookie = `${name}=own; Path=/; Secure`;
    }, name);
    expect(await save(page)).toBe(true);
    expect(await visibleSessions(page, name)).toEqual(["own"]);
  });

  test("cannot have a name that begins with __Host-: such a chat is safe, and carried from end to end", async () => {
    name = `__Host-${name}`;
    await plant(name);
    const b = await openShop(browser, SHOP_B, { name, iframeUrl: IFRAME("wild") });
    await b.eval((name) => {
      document.cookie = `${name}=safe; Path=/; Secure; SameSite=Lax`;
    }, name);
    expect(await save(b)).toBe(true);
    await plant(name);
    const page = await openShop(browser, WWW, { name, iframeUrl: IFRAME("wild") });
    expect(await load(page)).toBe("safe");
    expect(await domainsOfSession()).toEqual(["www.shop-a.test"]);
    expect(await page.eval(() => provider.clearCookie())).toBe(true);
    expect(await load(await openShop(browser, SHOP_B, { name, iframeUrl: IFRAME("wild") }))).toBeNull();
  });
});
