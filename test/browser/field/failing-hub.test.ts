/** A hub that fails while the page loads, and is well some seconds later. */
import { describe, expect, test } from "vitest";
import {
  ELSEWHERE,
  ALLOWED,
  COPY,
  START,
  addressOf,
  hears,
  inEngines,
  linkedPage,
  loadedOn,
  saveOn,
  sessionOn,
  useField,
} from "./field.ts";
import { type Page, SHOP_B, poll, variantsIn } from "../harness/index.ts";
import { linksCarry } from "../linked-shops.ts";
import { IFRAME_URL, startChat, uniqueName, visibleSessions } from "../shop.ts";

const field = useField();

/** What the hub does at first. */
const FAILURES: Record<string, () => void> = {
  "refuses connections": () => field.world.setHub("refusing"),
  hangs: () => field.world.setHub("silent"),
  "answers 500": () => answer(500),
  "answers 503": () => answer(503),
  "redirects to another site": () => answer(302, { location: `${ELSEWHERE}/` }),
};

function answer(status: number, headers: Record<string, string> = {}): void {
  const { sites, proxy } = field.world;
  sites.serve("hub.test", "/*", { status, headers, body: "The hub is not well." });
  proxy.route("hub.test", { to: "port", port: sites.port });
}

inEngines(field, ALLOWED, (browser, engine) => {
  let views = 0;

  /** A page that has loaded while the hub failed, and waits for nothing any more. The hub is well again. */
  async function openWhile(fail: () => void, name: string): Promise<Page> {
    const site = field.freshShop();
    field.world.sites.serve(new URL(site).host, "/*", linkedPage({ head: COPY }));
    fail();
    const iframeUrl = `${IFRAME_URL}?${++views}`;
    const page = await browser().open(addressOf(`${site}/`, { name, iframeUrl, options: { timeoutMs: 4000 } }));
    // Not before: a frame that hangs would hold back the page's load event.
    await page.eval(() => {
      startProvider();
      void loadSession();
    });
    expect(await loadedOn(page)).toBeNull();
    await page.waitFor(() => provider.status.reason !== "No answer yet.");
    expect(await page.eval(() => provider.status.access)).not.toBe("granted");
    field.world.setHub("up");
    return page;
  }

  test("does not fail: the session is there", async () => {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    const site = field.freshShop();
    field.world.sites.serve(new URL(site).host, "/*", linkedPage({ head: COPY + START }));
    expect(await sessionOn(browser(), site, name)).toBe("from b");
  });

  describe.each(variantsIn(engine, Object.entries(FAILURES), 2))("%s:", (_, fail) => {
    test("a chat that begins when it is well again is saved, and links carry it", async () => {
      const name = uniqueName();
      const page = await openWhile(fail, name);
      await startChat(page, name, "own");
      // A browser may need a moment, too, before it connects again.
      await poll(() => page.eval(() => provider.saveCookie()), { what: "the hub to be asked again" });
      await linksCarry(page);
      expect(await sessionOn(browser(), SHOP_B, name)).toBe("own");
    });

    test("what it has is loaded when something asks", async () => {
      const name = uniqueName();
      await saveOn(browser(), SHOP_B, name, "from b");
      const page = await openWhile(fail, name);
      const loaded = await page.eval(() => provider.loadCookie());
      // Who has met a hub that hangs does not wait for it again, and is told.
      if (loaded !== "from b") await hears(page, "from b");
      expect(await visibleSessions(page, name)).toEqual(["from b"]);
    });
  });

  test.each([
    ["says that it is online again", "online"],
    ["shows the tab", "visibilitychange"],
  ])(
    "when the browser %s, the hub is asked though nothing calls, and the session event brings what it has",
    async (_, type) => {
      const name = uniqueName();
      await saveOn(browser(), SHOP_B, name, "from b");
      const page = await openWhile(() => field.world.setHub("refusing"), name);
      expect(await page.eval(() => document.visibilityState)).toBe("visible");
      await page.eval((type) => {
        const target: EventTarget = type === "online" ? window : document;
        target.dispatchEvent(new Event(type, { bubbles: true }));
      }, type);
      await hears(page, "from b");
      expect(await page.eval(() => provider.status.access)).toBe("granted");
    },
  );
});
