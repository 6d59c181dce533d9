/** A script of the page that removes every frame that it does not know, again and again, as it appears. */
import { expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B } from "../harness/index.ts";
import { pause } from "../linked-shops.ts";
import { startChat } from "../shop.ts";
import {
  ALLOWED,
  SCRIPT,
  START,
  addressOf,
  answerTo,
  inEngines,
  linkedPage,
  loadedOn,
  saveOn,
  useField,
} from "./field.ts";

declare global {
  /** How many frames the page has removed. */
  var removed: number;
}

/** Removes frames at once, as a MutationObserver does, or in a look that it takes from time to time. */
const CLEANERS = {
  "as they appear": `new MutationObserver(clean).observe(document, { childList: true, subtree: true });`,
  "twenty times a second": `setInterval(clean, 50);`,
};
const TIMEOUT_MS = 1500;
const PATIENCE_MS = 6000;

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  async function open(cleaner: string, name: string): Promise<Page> {
    const head = `<script>
      removed = 0;
      function clean() {
        for (const frame of document.querySelectorAll("iframe")) {
          frame.remove();
          removed++;
        }
      }
      ${cleaner}
    </script>`;
    field.world.sites.serve("shop-a.test", "/cleaned", linkedPage({ head: head + SCRIPT + START }));
    return browser().open(addressOf(`${SHOP_A}/cleaned`, { name, options: { timeoutMs: TIMEOUT_MS } }));
  }

  test("without such a script, the session is there", async () => {
    const name = `control-${engine}`;
    await saveOn(browser(), SHOP_B, name, "from b");
    const page = await open("", name);
    expect(await loadedOn(page)).toBe("from b");
    expect(await page.eval(() => removed)).toBe(0);
  });

  test.each(Object.entries(CLEANERS))(
    "%s: the page goes on, calls answer with its own session, and at rest there is no loop",
    async (_, cleaner) => {
      const name = `cleaned-${engine}-${cleaner.length}`;
      const page = await open(cleaner, name);
      await startChat(page, name, "own");
      await page.waitFor(() => removed > 0);
      expect(await answerTo(page, "loadCookie", PATIENCE_MS)).toBe("own");
      expect(await answerTo(page, "saveCookie", PATIENCE_MS)).toBe(false);
      expect(await answerTo(page, "cookieTest", PATIENCE_MS)).toBe(false);
      await pause(page, 1000);
      const before = await page.eval(() => removed);
      expect(before).toBeLessThan(30);
      await pause(page, 3000);
      expect((await page.eval(() => removed)) - before).toBeLessThanOrEqual(2);
      expect(await page.eval(() => errors)).toEqual([]);
    },
  );
});
