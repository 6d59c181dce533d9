/**
 * Where a page's Cross-Origin-Opener-Policy keeps windows apart, the whole tab goes to the continue page, and comes back with
 * the chat.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import { type Browser, HUB_ORIGIN, type Page, SHOP_A, SHOP_B, type World, poll, startWorld } from "./harness/index.ts";
import { BLOCKED, arrived, goOver, linkedShop, putHtml, serveLinkedShops, sessionOf } from "./linked-shops.ts";
import { isOffered } from "./matrix/visitor.ts";
import { uniqueName } from "./shop.ts";

const EVIL = "https://evil.test";

let world: World;

beforeAll(async () => {
  world = await startWorld({
    tenants: {
      acme: JSON.stringify([SHOP_A, SHOP_B]),
      "acme-off": JSON.stringify({ TRUSTED_DOMAINS: [SHOP_B], handoff: false }),
    },
  });
  serveLinkedShops(world, ["shop-a.test", "evil.test"]);
  world.sites.serve("shop-a.test", "/redirect", ({ url }) => ({
    status: 302,
    headers: { location: url.searchParams.get("to") ?? "" },
  }));
  serveLinkedShops(world, ["shop-b.test"], { "cross-origin-opener-policy": "same-origin" });
});

afterAll(() => world?.close());

function continueUrl(tenant: string, back: string): string {
  return `${HUB_ORIGIN}/t/${tenant}/continue?return=${encodeURIComponent(back)}`;
}

/** A session that the hub has had from another day. */
async function plant(browser: Browser, name: string, session: string, tenant = "acme"): Promise<Page> {
  const page = await browser.open(`${HUB_ORIGIN}/t/${tenant}/continue`);
  const status = await page.eval(
    async (path, session) => (await fetch(path, { method: "PUT", body: session })).status,
    `/t/${tenant}/session/${name}`,
    session,
  );
  expect(status).toBe(204);
  return page;
}

// Not in Firefox: it says that it has opened a window, and nothing of having cut it off.
describe.each(["chromium", "webkit"] as const)("in %s", (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`storage access refused (${why ?? "had here"})`, () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    test("the card leads the whole tab to the hub's page, and that back with the chat", async () => {
      const name = uniqueName();
      await (await plant(browser, name, "kept by the hub")).close();
      const page = await browser.open(linkedShop(SHOP_A, { name }));
      const address = linkedShop(SHOP_B, { name, options: { locale: "en" }, rest: "#section" });
      expect(await goOver(page, address)).toBeNull();

      const isAtHub = () => page.eval(() => location.pathname === "/t/acme/continue").catch(() => false);
      const frame = await page.frame();
      // Continue; a button for a window, where the browser took the click with its refusal.
      for (const said of ["", "Continue"]) {
        await poll(async () => (await isAtHub()) || isOffered(frame, said), { what: "the hub's page, or a button" });
        if (await isAtHub()) break;
        await frame.click("#primary");
      }
      await page.waitFor(() => document.documentElement.classList.contains("scripted"));
      await page.click("#continue");
      await poll(() => page.eval(() => carried === "kept by the hub").catch(() => false), { what: "the chat" });
      expect(await sessionOf(page, name)).toBe("kept by the hub");
      expect(await page.eval(() => [location.href, analytics])).toEqual([address, address]);
      // The window that had been cut off has closed itself.
      await expect.poll(() => browser.pages().filter((one) => one.url().includes("#now")).length).toBe(0);
      await page.close();
    });
  });
});

describe("the way back", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await world.launch(BLOCKED.chromium);
  });

  afterAll(() => browser?.close());

  async function goBack(tenant: string, name: string): Promise<Page> {
    const page = await plant(browser, name, "kept", tenant);
    // As the hub's iframe does it: only there the way back carries sessions.
    await page.eval((url) => location.assign(url), continueUrl(tenant, linkedShop(SHOP_B, { name })));
    await page.waitFor(() => location.search !== "" && document.documentElement.classList.contains("scripted"));
    return page;
  }

  test("brings the chat along", async () => {
    const page = await goBack("acme", uniqueName());
    await page.click("#continue");
    expect(await arrived(page, SHOP_B)).toBe("kept");
  });

  test.each(["a stranger's link", "a typed address"])("by %s gives no code to an open redirect", async (by) => {
    const name = uniqueName();
    const page = await plant(browser, name, "kept");
    const crafted = continueUrl("acme", `${SHOP_A}/redirect?to=${encodeURIComponent(linkedShop(EVIL, { name }))}`);
    if (by === "a typed address") await page.goto(crafted);
    else {
      await page.goto(linkedShop(EVIL, { name }));
      await putHtml(page, `<a id="over" href="${crafted}">Win a kettle</a>`);
      await page.click("#over");
      await page.waitFor(() => location.search !== "" && document.documentElement.classList.contains("scripted"));
    }
    await page.click("#continue");
    await arrived(page, EVIL);
    expect(await page.eval(() => analytics)).toBe(linkedShop(EVIL, { name }));
    expect(page.requests.filter(({ url }) => url.endsWith("/handoff"))).toEqual([]);
  });

  test("of a tenant without handoff is a plain link", async () => {
    const page = await goBack("acme-off", uniqueName());
    await page.click("#continue");
    expect(await arrived(page, SHOP_B)).toBeNull();
    expect(page.requests.filter(({ url }) => url.endsWith("/handoff"))).toEqual([]);
  });

  test("is open though the hub is dead", async () => {
    const name = uniqueName();
    const page = await goBack("acme", name);
    world.setHub("refusing");
    await page.click("#continue");
    await poll(() => page.eval((origin) => location.origin === origin, SHOP_B).catch(() => false), {
      what: "the shop",
    });
    world.setHub("up");
    expect(await page.eval(() => location.href)).toBe(linkedShop(SHOP_B, { name }));
  });

  test("carries no chat that was ended", async () => {
    const name = uniqueName();
    const page = await goBack("acme", name);
    await page.eval((path) => fetch(path, { method: "DELETE" }).then(() => {}), `/t/acme/session/${name}`);
    await page.click("#continue");
    expect(await arrived(page, SHOP_B)).toBeNull();
    expect(await page.eval(() => analytics)).toBe(linkedShop(SHOP_B, { name }));
  });
});
