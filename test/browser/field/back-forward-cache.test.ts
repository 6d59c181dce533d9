/** A page that the browser keeps, and shows again as it was: what has become of the session meanwhile is news to it. */
import { expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B } from "../harness/index.ts";
import { startChat, visibleSessions } from "../shop.ts";
import {
  ALLOWED,
  ELSEWHERE,
  SCRIPT,
  START,
  addressOf,
  answerTo,
  chatOnPage,
  hears,
  inEngines,
  linkedPage,
  useField,
} from "./field.ts";

declare global {
  /** For each time that the page was shown, whether it came out of the cache. */
  var shows: boolean[];
}

const RECORDER = `<script>shows = []; addEventListener("pageshow", ({ persisted }) => shows.push(persisted));</script>`;

const field = useField();

inEngines(field, ALLOWED, (browser) => {
  /** A chat that shops A and B share, on B in another tab, while A's page is in the cache. */
  async function leave(): Promise<{ a: Page; b: Page; name: string }> {
    field.world.sites.serve(
      "shop-a.test",
      "/kept",
      linkedPage({ head: RECORDER + SCRIPT + START, headers: { "cache-control": "no-cache" } }),
    );
    const { page: a, name } = await chatOnPage(browser(), `${SHOP_A}/kept`, "first");
    const b = await browser().open(addressOf(`${SHOP_B}/`, { name }));
    await b.waitFor(() => carried === "first");
    await a.goto(`${ELSEWHERE}/`);
    return { a, b, name };
  }

  async function comeBack(page: Page): Promise<void> {
    await page.back();
    await page.waitFor(() => typeof shows !== "undefined");
    expect(await page.eval(() => shows)).toEqual([false, true]);
  }

  test("it hears of a session that was renewed meanwhile", async () => {
    const { a, b, name } = await leave();
    await startChat(b, name, "second");
    expect(await answerTo(b, "saveCookie")).toBe(true);
    await comeBack(a);
    await hears(a, "second");
    expect(await visibleSessions(a, name)).toEqual(["second"]);
  });

  test("it hears of a session that was ended meanwhile", async () => {
    const { a, b, name } = await leave();
    expect(await answerTo(b, "clearCookie")).toBe(true);
    await comeBack(a);
    await hears(a, null);
    expect(await visibleSessions(a, name)).toEqual([]);
  });

  test("it loads and saves as before, and hears of nothing that has not happened", async () => {
    const { a, name } = await leave();
    await comeBack(a);
    expect(await answerTo(a, "loadCookie")).toBe("first");
    await startChat(a, name, "third");
    expect(await answerTo(a, "saveCookie")).toBe(true);
    expect(await a.eval(() => events.filter(({ type }) => type === "session"))).toEqual([]);
  });
});
