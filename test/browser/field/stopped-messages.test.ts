/** A page that has a listener for `message` events which lets nobody else hear of them. */
import { expect, test } from "vitest";
import { SHOP_A, SHOP_B, variantsIn } from "../harness/index.ts";
import { uniqueName } from "../shop.ts";
import { ALLOWED, SCRIPT, START, addressOf, fieldPage, inEngines, loadedOn, saveOn, useField } from "./field.ts";

declare global {
  /** Messages that the page's listener has stopped, and those that a listener after it was told of all the same. */
  var stopped: number;
  var passed: number;
}

const listener = (capture: boolean) => `<script>
  stopped = passed = 0;
  addEventListener("message", (event) => { stopped++; event.stopImmediatePropagation(); }, ${capture});
  addEventListener("message", () => passed++, ${capture});
</script>`;

const PAGES = {
  "bubbling, before the script": listener(false) + SCRIPT + START,
  "capturing, before the script": listener(true) + SCRIPT + START,
  "bubbling, between the script and its provider": SCRIPT + listener(false) + START,
  "capturing, between the script and its provider": SCRIPT + listener(true) + START,
  "bubbling, after the provider": SCRIPT + START + listener(false),
  "capturing, after the provider": SCRIPT + START + listener(true),
};

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  async function open(head: string) {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    field.world.sites.serve("shop-a.test", "/stopped", fieldPage({ head }));
    return browser().open(addressOf(`${SHOP_A}/stopped`, { name, options: { timeoutMs: 4000 } }));
  }

  test("without it, the session is loaded", async () => {
    expect(await loadedOn(await open(SCRIPT + START))).toBe("from b");
  });

  test.each(variantsIn(engine, Object.entries(PAGES), 2))(
    "%s: the session is loaded, or the reason names message events",
    async (_, head) => {
      const page = await open(head);
      const session = await loadedOn(page);
      // A message of the page's own shows that the listener does what it is here for.
      await page.eval(() => postMessage("mine", location.origin));
      await page.waitFor(() => stopped > 0);
      expect(await page.eval(() => passed)).toBe(0);
      if (session === "from b") return;
      expect(session).toBeNull();
      const { reason } = await page.eval(() => provider.status);
      expect(reason).toMatch(/\bmessage\b.*\bevent/i);
    },
  );
});
