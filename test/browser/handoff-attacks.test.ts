/** Links that mean harm: nobody is seated in a stranger's chat, and nobody's chat is given away. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
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
  startOnA,
} from "./linked-shops.ts";
import { closeTabs, forgetSite, startChat, uniqueName } from "./shop.ts";

const SHOP_C = "https://shop-c.test";
const EVIL = "https://evil.test";
const FORGED = "#carryover=AAAAAAAAAAAAAAAAAAAAAA";

let world: World;
let browser: Browser;
let name: string;
/** The attacker, a visitor like any other, with a chat of his own. */
let attacker: Page;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B, SHOP_C]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test", "shop-c.test", "evil.test"]);
  for (const host of ["evil.test", "shop-c.test"])
    world.sites.serve(host, "/redirect", ({ url }) => ({
      status: 302,
      headers: { location: url.searchParams.get("to") ?? "" },
    }));
  // Takes whatever fragment comes along, and whoever has sent it.
  const hop = `<script>location.replace("/" + location.search + location.hash);</script>`;
  world.sites.serve("shop-b.test", "/hop", shopPage({ head: hop }));
  browser = await world.launch(BLOCKED.chromium);
});

afterAll(() => world?.close());

beforeEach(async () => {
  ({ page: attacker, name } = await startOnA(browser, "attackers-chat"));
});

afterEach(() => closeTabs(browser));

/** A link that would seat whoever follows it in the attacker's chat. He has the time to try until there is a code. */
async function craft(to = linkedShop(SHOP_B, { name })): Promise<string> {
  return poll(
    async () => {
      const link = await attacker.eval((to) => provider.decorate(to), to);
      return link !== to && link;
    },
    { what: "a link with a code" },
  );
}

/** As if the page had been the attacker's: his browser is another one, with the same User-Agent. */
async function forget(page: Page): Promise<void> {
  await page.eval(() => provider.clearCookie());
  await forgetSite(page);
}

async function expectUnharmed(page: Page, own: string | null = null): Promise<void> {
  expect(await loaded(page)).toBe(own);
  expect((await sessionOf(page, name)) ?? null).toBe(own);
  expect(await page.eval(() => location.href)).not.toContain("carryover");
  expect(await page.eval(() => errors)).toEqual([]);
}

describe("a crafted link", () => {
  test("would work, were it followed from where it was made: the attacks below fail for what they say", async () => {
    const link = await craft();
    await attacker.eval((link) => location.assign(link), link);
    expect(await arrived(attacker, SHOP_B)).toBe("attackers-chat");
  });

  test("on a site that is not trusted seats nobody", async () => {
    const victim = await browser.open(`${EVIL}/`);
    await goOver(victim, await craft());
    await expectUnharmed(victim);
  });

  test("on another trusted site than the one that it was made on carries the visitor's own chat", async () => {
    const link = await craft();
    await forget(attacker);
    const victim = await browser.open(linkedShop(SHOP_C, { name }));
    await chatOn(victim, name, "victims-chat");
    await goOver(victim, link);
    await expectUnharmed(victim, "victims-chat");
  });

  test("within a trusted site seats nobody, where links are not looked after", async () => {
    const victim = await browser.open(linkedShop(SHOP_B, { name, options: { handoff: false } }));
    await loaded(victim);
    const link = new URL(await craft());
    link.pathname = "/another-page";
    await putHtml(victim, `<a id="over" href="${link.href.replaceAll("&", "&amp;")}">Prizes</a>`);
    await victim.eval(() => (globalThis.carried = undefined));
    await victim.click("#over");
    await victim.waitFor(() => location.pathname === "/another-page" && carried !== undefined);
    await expectUnharmed(victim);
  });

  test("to the site that it was made on seats nobody, by a link of another", async () => {
    const link = new URL(await craft());
    await forget(attacker);
    const victim = await browser.open(linkedShop(SHOP_B, { name, options: { handoff: false } }));
    await loaded(victim);
    await goOver(victim, linkedShop(SHOP_A, { name, rest: link.hash }));
    await expectUnharmed(victim);
  });

  test("on a site that is not trusted seats nobody through a page of the shop that leads within it", async () => {
    const victim = await browser.open(`${EVIL}/`);
    const link = new URL(await craft());
    link.pathname = "/hop";
    await goOver(victim, link.href);
    expect(await victim.eval(() => location.pathname)).toBe("/");
    await expectUnharmed(victim);
  });

  test("on a site that is not trusted seats nobody through a trusted site's redirect by HTTP", async () => {
    const victim = await browser.open(`${EVIL}/`);
    const link = await craft();
    const href = `${SHOP_C}/redirect?to=${encodeURIComponent(link)}`;
    await putHtml(victim, `<a id="over" href="${href}">Prizes</a>`);
    await victim.click("#over");
    await arrived(victim, SHOP_B);
    await expectUnharmed(victim);
  });

  test("with noreferrer seats nobody", async () => {
    const victim = await browser.open(`${EVIL}/`);
    await goOver(victim, await craft(), `rel="noreferrer" referrerpolicy="no-referrer"`);
    await expectUnharmed(victim);
  });

  test("through a redirect of the attacker's seats nobody", async () => {
    const victim = await browser.open(`${EVIL}/`);
    const link = await craft();
    await putHtml(victim, `<a id="over" href="${EVIL}/redirect?to=${encodeURIComponent(link)}">Prizes</a>`);
    await victim.click("#over");
    await arrived(victim, SHOP_B);
    await expectUnharmed(victim);
  });

  test("typed or opened from a mail seats nobody", async () => {
    await expectUnharmed(await browser.open(await craft()));
  });

  test("in a comment on the shop itself is stripped, where the visitor has no chat", async () => {
    const link = await craft();
    await forget(attacker);
    const victim = await browser.open(linkedShop(SHOP_A, { name }));
    await loaded(victim);
    // Another session of the page has links looked after.
    const other = uniqueName();
    await victim.eval(async (other) => {
      document.cookie = `${other}=other; Path=/; Secure`;
      globalThis.provider = new CookieProvider(other, "https://hub.test/t/acme/iframe.html");
      await provider.loadCookie();
    }, other);
    await linksCarry(victim);
    await goOver(victim, link);
    await expectUnharmed(victim);
  });

  test("in a comment on the shop itself carries the visitor's own chat", async () => {
    const link = await craft();
    await forget(attacker);
    const victim = await browser.open(linkedShop(SHOP_A, { name }));
    await chatOn(victim, name, "victims-chat");
    await goOver(victim, link);
    await expectUnharmed(victim, "victims-chat");
  });

  test.each([
    ["doubled", (link: string) => link.replace("#", "#carryover=x&")],
    ["twice doubled", (link: string) => link.replace("#", "#carryover=&carryover=x.y&")],
  ])("in a comment on the shop itself, %s, is stripped, and leaves nothing in the address", async (_, double) => {
    const link = await craft();
    await forget(attacker);
    const victim = await browser.open(linkedShop(SHOP_A, { name }));
    await loaded(victim);
    await startChat(victim, name, "ended");
    await victim.eval(() => provider.saveCookie());
    await linksCarry(victim);
    await victim.eval(() => provider.clearCookie());
    await goOver(victim, double(link));
    await expectUnharmed(victim);
  });

  test("with a made-up code seats nobody, and says nothing to the visitor", async () => {
    const victim = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    await goOver(victim, linkedShop(SHOP_B, { name, rest: FORGED }));
    await expectUnharmed(victim);
  });

  test.each([
    "#carryover=",
    "#carryover=short",
    "#carryover=..",
    `#carryover=${"A".repeat(4000)}`,
    "#carryover=%00<script>",
  ])("with the fragment %s does no harm", async (rest) => {
    const victim = await browser.open(linkedShop(SHOP_B, { name, rest }));
    expect(await loaded(victim)).toBeNull();
    expect(await victim.eval(() => errors)).toEqual([]);
  });
});

describe("a code", () => {
  test("is good once", async () => {
    const link = await craft();
    const first = await browser.open(linkedShop(SHOP_A, { name }));
    await first.eval((link) => location.assign(link), link);
    expect(await arrived(first, SHOP_B)).toBe("attackers-chat");
    await forget(first);
    await attacker.eval((link) => location.assign(link), link);
    expect(await arrived(attacker, SHOP_B)).toBeNull();
  });

  test("for one shop opens another of the tenant's, as redirects may lead there", async () => {
    const code = new URL(await craft()).hash;
    await attacker.eval((url) => location.assign(url), linkedShop(SHOP_C, { name, rest: code }));
    expect(await arrived(attacker, SHOP_C)).toBe("attackers-chat");
  });

  test("opens no site that is not trusted", async () => {
    const code = new URL(await craft()).hash;
    await attacker.eval((url) => location.assign(url), linkedShop(EVIL, { name, rest: code }));
    expect(await arrived(attacker, EVIL)).toBeNull();
  });

  test("for one session cookie does not fill another", async () => {
    const code = new URL(await craft()).hash;
    await attacker.eval((url) => location.assign(url), linkedShop(SHOP_B, { name: uniqueName(), rest: code }));
    expect(await arrived(attacker, SHOP_B)).toBeNull();
  });

  test("never replaces a live chat that the hub has not seen", async () => {
    const shopB = await browser.open(linkedShop(SHOP_B, { name }));
    await loaded(shopB);
    await startChat(shopB, name, "live-on-b");
    expect(await goOver(attacker, linkedShop(SHOP_B, { name }))).toBe("live-on-b");
    expect(await sessionOf(attacker, name)).toBe("live-on-b");
  });

  test("does not bring back a chat that was ended there", async () => {
    await linksCarry(attacker);
    await goOver(attacker, linkedShop(SHOP_B, { name }));
    expect(await attacker.eval(() => provider.clearCookie())).toBe(false);
    await attacker.goto(linkedShop(SHOP_A, { name }));
    await linksCarry(attacker);
    expect(await goOver(attacker, linkedShop(SHOP_B, { name }))).toBeNull();
  });
});

describe("a stranger's page", () => {
  test("can neither mint nor redeem with the visitor's browser", async () => {
    const code = new URL(await craft()).hash.slice("#carryover=".length);
    const page = await browser.open(`${EVIL}/`);
    const outcome = await page.eval(
      async (hub, code, name, shopA, shopB) => {
        const ask = async (path: string, body: object, mode: RequestMode) => {
          try {
            const response = await fetch(hub + path, { method: "POST", mode, body: JSON.stringify(body) });
            return `${response.type} ${response.status} ${await response.text()}`;
          } catch {
            return "refused";
          }
        };
        const mint = { name, session: "planted", from: shopA, to: shopB };
        const redeem = { code, name, to: shopB, referrer: shopA };
        return [
          await ask("/t/acme/handoff", mint, "cors"),
          await ask("/t/acme/handoff", mint, "no-cors"),
          await ask("/t/acme/handoff/redeem", redeem, "cors"),
          await ask("/t/acme/handoff/redeem", redeem, "no-cors"),
        ];
      },
      HUB_ORIGIN,
      code,
      name,
      SHOP_A,
      SHOP_B,
    );
    expect(outcome).toEqual(["refused", "opaque 0 ", "refused", "opaque 0 "]);
    // And it has not even used the code up.
    await attacker.eval((url) => location.assign(url), linkedShop(SHOP_B, { name, rest: `#carryover=${code}` }));
    expect(await arrived(attacker, SHOP_B)).toBe("attackers-chat");
  });
});
