/**
 * Every browser that we can have here, in every state that matters, driven as a visitor would: with real clicks in the card and
 * in the browser's prompts. The README's browser table is this test's result.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import { type Browser, HUB_ORIGIN, type Page, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import { type Row, formatTable, readmeTable } from "./matrix/readme-table.ts";
import { STATES, type State } from "./matrix/states.ts";
import { type Journey, clickThrough, follow } from "./matrix/visitor.ts";
import { linksCarry, waitLonger } from "./linked-shops.ts";
import { clear, load, openShop, save, serveShops, startChat, status, testCookies, visibleSessions } from "./shop.ts";

const NAME = "matrix-session";
/** What the hub's cookies and clicks do, without the help of links. */
const OPTIONS = { locale: "en", handoff: false };
const rows = new Map<string, Row>();
const skipped: string[] = [];
let world: World;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
}, 120_000);

afterAll(async () => {
  console.log(`\n${formatTable(rows)}`);
  await world?.close();
});

describe.each(STATES)("$name", (state) => {
  const why = whyNoEngine(state.engine);
  if (why !== undefined) skipped.push(state.name);

  describe.skipIf(why !== undefined)(`in the engine (${why ?? "had here"})`, () => {
    let browser: Browser;
    let page: Page;
    let journeys: { saving: Journey; loading: Journey };
    let row: Row;

    beforeAll(async () => {
      browser = await world.launch(state.wish);
      if (state.hasVisitedHub) await visitHub(browser);
      row = await walk(state);
      rows.set(state.name, row);
    }, 120_000);

    afterAll(() => browser?.close());

    async function walk({ answer }: State): Promise<Row> {
      const link = await byLink();
      page = await openShop(browser, SHOP_A, { name: NAME, options: OPTIONS });
      await load(page);
      const isEnabled = await testCookies(page);

      await startChat(page, NAME, "from a");
      const savedAtOnce = await save(page);
      const saving = await clickThrough(page, () => events.some(({ type }) => type === "saved"), answer);
      expect(savedAtOnce).toBe(saving.clicks === 0);

      await follow(page, SHOP_B, { name: NAME, options: OPTIONS });
      const loadedAtOnce = (await load(page)) === "from a";
      const loading = loadedAtOnce
        ? await clickThrough(page, () => true)
        : await clickThrough(page, () => events.some(({ type }) => type === "session"), answer);
      const carried = (await visibleSessions(page, NAME))[0] === "from a";
      expect(carried).toBe(loading.clicks !== undefined);

      const cleared = await clear(page);
      expect(await visibleSessions(page, NAME)).toEqual([]);
      journeys = { saving, loading };
      return {
        link,
        load: inWords(loading),
        save: inWords(saving),
        clear: cleared ? "everywhere" : "on this site; the hub at the next chance",
        cookieTest: String(isEnabled),
        card: saving.cardShown || loading.cardShown ? "shown" : "not needed",
        popup: saving.popupUsed || loading.popupUsed ? "carries it" : "not needed",
      };
    }

    /** The commonest way: a chat that nobody has been asked about, and a link. */
    async function byLink(): Promise<string> {
      const shop = { name: "linked", options: { card: "off" } };
      page = await openShop(browser, SHOP_A, shop);
      await startChat(page, shop.name, "by link");
      await load(page);
      await linksCarry(page);
      await page.eval(waitLonger, LINK_PATIENCE_MS);
      await follow(page, SHOP_B, shop);
      const carried = (await load(page)) === "by link";
      await page.close();
      return carried ? "at once" : "not shared";
    }

    test("link: the chat is there at once", () => {
      expect(row.link).toBe("at once");
    });

    test("load: the chat is there on the other shop, with two clicks at most", () => {
      expect(row.load).toMatch(/^(at once|1 click|2 clicks)$/);
    });

    test("save: the session reaches the hub, with two clicks at most", () => {
      expect(row.save).toMatch(/^(at once|1 click|2 clicks)$/);
    });

    test("clear: the chat is forgotten here, and everywhere if it says so", async () => {
      // Before the page is loaded again, which would be its next chance.
      const other = await openShop(browser, SHOP_A, { name: NAME, options: OPTIONS });
      expect(await load(other)).toBe(row.clear === "everywhere" ? null : "from a");
      await page.reload();
      expect(await load(page)).toBeNull();
    });

    test("cookieTest: says whether the hub's cookies are shared here, and not whether some jar takes them", async () => {
      expect(row.cookieTest).toBe(String(journeys.saving.clicks === 0));
      expect((await status(page)).access).toMatch(/^(granted|promptable|blocked)$/);
    });

    test("card: is shown just where a click is needed", () => {
      expect(row.card).toBe(journeys.saving.clicks === 0 && journeys.loading.clicks === 0 ? "not needed" : "shown");
    });

    test("popup: is used just where the click alone does not do", () => {
      for (const { popupUsed, hasAccess } of [journeys.saving, journeys.loading]) expect(popupUsed).toBe(!hasAccess);
    });
  });
});

test("the README's browser table is this result", () => {
  if (skipped.length > 0) return console.log(`not compared: ${skipped.join(", ")} skipped`);
  const table = formatTable(rows);
  expect(readmeTable(table)).toBe(table);
});

function inWords({ clicks }: Journey): string {
  if (clicks === undefined) return "not shared";
  return clicks === 0 ? "at once" : clicks === 1 ? "1 click" : `${clicks} clicks`;
}

/** The visitor has used the hub's own page once. */
async function visitHub(browser: Browser): Promise<void> {
  const page = await browser.open(`${HUB_ORIGIN}/t/acme/continue`);
  await page.click("#forget");
  await page.close();
}
