/** What the hub's iframe tells of a page view, for the operator to count: once each, and only of the sample. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Page, HUB_ORIGIN, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import { BLOCKED, chatOn, goOver, linkedShop, loaded, serveLinkedShops } from "./linked-shops.ts";
import { clickThrough } from "./matrix/visitor.ts";
import { uniqueName } from "./shop.ts";

let world: World;

/** The beacons that a page's frame has sent, in their order. */
function beacons(page: Page): (string | undefined)[] {
  return page.requests.filter(({ url }) => url === `${HUB_ORIGIN}/t/acme/outcome`).map(({ body }) => body);
}

async function startCounting(rate: string): Promise<World> {
  const world = await startWorld({
    tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) },
    vars: { OUTCOME_SAMPLE_RATE: rate },
    countsOutcomes: true,
  });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test"]);
  return world;
}

describe("every page view counted", () => {
  beforeAll(async () => {
    world = await startCounting("1");
  });

  afterAll(() => world?.close());

  test("says that access was there at once, and no more with later loads and saves", async () => {
    const browser = await world.launch({ engine: "chromium", policy: "allow" });
    const page = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    await loaded(page);
    // By the frame, which the page may have been answered without.
    await page.eval(() => provider.cookieTest());
    await expect.poll(() => beacons(page)).toEqual(["granted"]);
    await page.eval(() => provider.loadCookie());
    await page.eval(() => provider.cookieTest());
    await page.eval(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(beacons(page)).toEqual(["granted"]);
    expect(page.requests.find(({ url }) => url.endsWith("/outcome"))).toMatchObject({ method: "POST" });
    // Refusals are logged.
    expect(world.hub.logs.filter(({ message }) => message.includes("outcome"))).toEqual([]);
    await browser.close();
  });

  test("says what the visitor did without it: a link, the browser's question and its answer, the small window", async () => {
    const browser = await world.launch(BLOCKED.chromium);
    const name = uniqueName();
    const page = await browser.open(linkedShop(SHOP_A, { name, options: { locale: "en" } }));
    await chatOn(page, name, "a-session");
    expect(beacons(page)).toEqual(["withheld"]);

    // Chromium refuses for itself, and takes the click with it.
    const journey = await clickThrough(page, () => events.some(({ type }) => type === "saved"));
    expect(journey).toMatchObject({ clicks: 2, popupUsed: true });
    await expect.poll(() => beacons(page)).toEqual(["withheld", "prompted", "denied", "popup"]);

    expect(await goOver(page, linkedShop(SHOP_B, { name }))).toBe("a-session");
    // That a link has brought it, the hub has seen for itself.
    await expect.poll(() => beacons(page).slice(4)).toEqual(["withheld"]);
    await browser.close();
  });
});

test("with nothing counted, nothing is sent", async () => {
  const quiet = await startCounting("0");
  try {
    const browser = await quiet.launch({ engine: "chromium", policy: "allow" });
    const page = await browser.open(linkedShop(SHOP_A, { name: uniqueName() }));
    await loaded(page);
    await page.eval(() => provider.cookieTest());
    expect(beacons(page)).toEqual([]);
  } finally {
    await quiet.close();
  }
});
