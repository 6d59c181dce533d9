/** A hub that answers nothing and refuses nothing, or is slow: a site's visitors wait for it once. */
import { expect, test } from "vitest";
import { type Browser, type Page, SHOP_B } from "../harness/index.ts";
import { IFRAME_URL, uniqueName } from "../shop.ts";
import { ALLOWED, COPY, ELSEWHERE, addressOf, fieldPage, hears, inEngines, saveOn, useField } from "./field.ts";

/** Twice what a hub that is slow but in time needs, and more: the machine of the tests is busy. */
const TIMEOUT_MS = 3000;
/** Far below `TIMEOUT_MS`, and time enough for an answer that waits for nobody. */
const AT_ONCE_MS = 300;
/** The hub's page needs two ways there and back. */
const IN_TIME = { delayMs: 400 };
const TOO_LATE = { delayMs: 2200 };

const field = useField();

inEngines(field, ALLOWED, (browser) => {
  let views = 0;

  /** The next page view of the site. Its provider is the test's to make. */
  async function view(site: string, name: string, tab?: Page): Promise<Page> {
    field.world.sites.serve(new URL(site).host, "/*", fieldPage({ head: COPY }));
    // Another address of the hub's page each time, so that the browser has none of it in its cache.
    const iframeUrl = `${IFRAME_URL}?${++views}`;
    const address = addressOf(`${site}/`, { name, iframeUrl, options: { timeoutMs: TIMEOUT_MS } });
    if (!tab) return browser().open(address);
    await tab.goto(address);
    return tab;
  }

  async function leave(tab: Page): Promise<void> {
    await tab.goto(`${ELSEWHERE}/`);
  }

  /** What the page's session is, or "waits", if a timer that was set before the call comes first. It is loaded then as well. */
  function loadAtOnce(page: Page): Promise<string | null> {
    return page.eval(async (ms) => {
      const waits = new Promise<string>((resolve) => setTimeout(resolve, ms, "waits"));
      startProvider();
      return Promise.race([loadSession(), waits]);
    }, AT_ONCE_MS);
  }

  function load(page: Page): Promise<string | null> {
    return page.eval(() => {
      startProvider();
      return loadSession();
    });
  }

  async function saved(browser: Browser, name: string, session: string): Promise<void> {
    field.world.setHub("up");
    await saveOn(browser, SHOP_B, name, session);
  }

  test("that is well is waited for", async () => {
    const name = uniqueName();
    await saved(browser(), name, "from b");
    expect(await load(await view(field.freshShop(), name))).toBe("from b");
  });

  test("that hangs costs the first page view its timeoutMs, and the next ones nothing", async () => {
    const [site, name] = [field.freshShop(), uniqueName()];
    field.world.setHub("silent");
    const tab = await view(site, name);
    expect(await loadAtOnce(tab)).toBe("waits");
    await tab.waitFor(() => carried === null);
    for (const _ of ["second", "third"]) {
      await view(site, name, tab);
      expect(await loadAtOnce(tab)).toBeNull();
    }
  });

  test("that is slow is not waited for again, and its late answer comes by the session event", async () => {
    const [site, name] = [field.freshShop(), uniqueName()];
    await saved(browser(), name, "first");
    field.world.setHub(TOO_LATE);
    const tab = await view(site, name);
    expect(await loadAtOnce(tab)).toBe("waits");
    await tab.waitFor(() => carried === null);
    await hears(tab, "first");
    await leave(tab);
    await saved(browser(), name, "second");
    field.world.setHub(TOO_LATE);
    await view(site, name, tab);
    expect(await loadAtOnce(tab)).toBe("first");
    await hears(tab, "second");
  });

  test("that has answered in time again is waited for again", async () => {
    const [site, name] = [field.freshShop(), uniqueName()];
    await saved(browser(), name, "first");
    field.world.setHub("silent");
    const tab = await view(site, name);
    expect(await load(tab)).toBeNull();
    field.world.setHub("up");
    await view(site, name, tab);
    await load(tab);
    await tab.waitFor(() => provider.status.access === "granted");
    await tab.waitFor(() => document.cookie.includes("=first"));
    await leave(tab);
    await saved(browser(), name, "second");
    field.world.setHub(IN_TIME);
    await view(site, name, tab);
    expect(await load(tab)).toBe("second");
  });

  test("that takes 800 ms is waited for by pages that have not met it hanging", async () => {
    const [site, name] = [field.freshShop(), uniqueName()];
    await saved(browser(), name, "from b");
    field.world.setHub(IN_TIME);
    const tab = await view(site, name);
    expect(await load(tab)).toBe("from b");
  });

  test("that hangs for one site is waited for on another", async () => {
    const [site, other, name] = [field.freshShop(), field.freshShop(), uniqueName()];
    await saved(browser(), name, "from b");
    field.world.setHub("silent");
    expect(await load(await view(site, name))).toBeNull();
    field.world.setHub(IN_TIME);
    expect(await load(await view(other, name))).toBe("from b");
  });
});
