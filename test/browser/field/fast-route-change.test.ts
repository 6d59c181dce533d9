/** A page that destroys its provider while a code is being redeemed, and makes another, as a fast change of routes does. */
import { describe, expect, test } from "vitest";
import { HUB_ORIGIN, type Page, SHOP_A, variantsIn } from "../harness/index.ts";
import { linksCarry, pause } from "../linked-shops.ts";
import { IFRAME_URL } from "../shop.ts";
import { BLOCKED, SCRIPT, addressOf, chatOnPage, clickOver, inEngines, linkedPage, useField } from "./field.ts";

declare global {
  /** Whether the hub has been asked to redeem, and has answered. */
  var redeem: "asked" | "answered" | undefined;
  /** Lets the page have the answer. */
  var release: () => void;
}

/** Holds back the hub's answer about codes until the test lets it go: between a request and its answer is time for anything. */
const HELD = `<script>
  redeem = undefined;
  const original = window.fetch;
  const released = new Promise((resolve) => (release = resolve));
  window.fetch = async (url, init) => {
    if (!/redeem$/.test(url) && !/"codes/.test(JSON.stringify(init))) return original(url, init);
    redeem = "asked";
    const answer = await original(url, init);
    redeem = "answered";
    await released;
    return answer;
  };
</script>`;

const POLICY = `default-src 'self' 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval' ${HUB_ORIGIN}; frame-src ${HUB_ORIGIN}`;

const field = useField();

inEngines(field, BLOCKED, (browser, engine) => {
  async function arrive(session: string, headers: Record<string, string> = {}): Promise<Page> {
    const to = field.freshShop();
    field.world.sites.serve(new URL(to).host, "/*", linkedPage({ head: HELD + SCRIPT, headers }));
    const { page, name } = await chatOnPage(browser(), `${SHOP_A}/`, session);
    await linksCarry(page);
    await clickOver(page, addressOf(`${to}/`, { name }));
    await page.waitFor(`location.origin === ${JSON.stringify(to)} && document.readyState === "complete"`);
    return page;
  }

  /** The next route's provider loads the session. */
  function loadNext(page: Page): Promise<string | null> {
    return page.eval(() => {
      startProvider();
      const loaded = loadSession();
      release();
      return loaded;
    });
  }

  test("nothing is destroyed: the session is there", async () => {
    const page = await arrive("kept");
    await page.waitFor(() => redeem === "answered");
    expect(await loadNext(page)).toBe("kept");
  });

  test("a load that waits for what the link brings ends with its provider", async () => {
    const page = await arrive("held");
    const loaded = await page.eval(() => {
      const own = startProvider();
      const answer = own.loadCookie();
      setTimeout(() => own.destroy(), 50);
      return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 1500, "late"))]);
    });
    expect(loaded).toBeNull();
  });

  test("a hub that never redeems what the link brings is waited for once", async () => {
    const page = await arrive("held");
    const load = () =>
      page.eval((iframeUrl) => {
        const name = new URLSearchParams(location.search).get("name") ?? "";
        const own = new CookieProvider(name, iframeUrl, undefined, { timeoutMs: 1500 });
        return Promise.race([own.loadCookie(), new Promise((resolve) => setTimeout(resolve, 900, "waits"))]);
      }, IFRAME_URL);
    expect(await load()).toBe("waits");
    // It has given up by then, and has forgotten the code.
    await pause(page, 2000);
    await page.eval(() => location.assign(`/next${location.search}`));
    await page.waitFor(() => location.pathname === "/next" && document.readyState === "complete");
    expect(await load()).not.toBe("waits");
  });

  describe("destroyed, the next provider has the session:", () => {
    test("at once", async () => {
      const page = await arrive("at once");
      await page.eval(() => {
        startProvider();
        void loadSession();
        provider.destroy();
      });
      expect(await loadNext(page)).toBe("at once");
    });

    test("while the hub's answer is on its way, after a load has begun", async () => {
      const page = await arrive("while asked");
      await page.eval(() => {
        startProvider();
        void loadSession();
      });
      await page.waitFor(() => redeem === "answered");
      await page.eval(() => provider.destroy());
      expect(await loadNext(page)).toBe("while asked");
    });

    test("as soon as the hub has answered", async () => {
      const page = await arrive("just answered");
      await page.waitFor(() => redeem === "answered");
      await page.eval(async () => {
        startProvider();
        void loadSession();
        release();
        await Promise.resolve();
        provider.destroy();
      });
      expect(await loadNext(page)).toBe("just answered");
    });

    test("several times in a row", async () => {
      const page = await arrive("in a row");
      await page.eval(async () => {
        for (let route = 0; route < 4; route++) {
          startProvider();
          void loadSession();
          await new Promise((resolve) => setTimeout(resolve, route * 15));
          provider.destroy();
        }
      });
      expect(await loadNext(page)).toBe("in a row");
    });

    // Where the page's policy does not let it ask, the hub's frame redeems.
    test.each(variantsIn(engine, [50, 0, 150, 400], 1))(
      "after %i ms, where the hub's frame redeems",
      async (afterMs) => {
        const page = await arrive("by the frame", { "content-security-policy": POLICY });
        await page.eval(() => {
          release();
          startProvider();
          void loadSession();
        });
        await pause(page, afterMs);
        await page.eval(() => provider.destroy());
        expect(await loadNext(page)).toBe("by the frame");
      },
    );
  });
});
