/** A page with `<form name="cookie">` and the like: the browser then has the element for `document.cookie`. */
import { describe, expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B, poll, variantsIn } from "../harness/index.ts";
import { uniqueName } from "../shop.ts";
import {
  ALLOWED,
  LONG_TIMEOUT_MS,
  SCRIPT,
  START,
  addressOf,
  answerTo,
  inEngines,
  linkedPage,
  loadedOn,
  saveOn,
  sessionOn,
  useField,
} from "./field.ts";
import { HIDDEN_NAMES, HIDE_EVERYTHING } from "./hidden-names.ts";

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  /** A page of this HTML, which begins with a session of shop B's. */
  async function open(head: string): Promise<{ page: Page; name: string }> {
    const name = uniqueName();
    await saveOn(browser(), SHOP_B, name, "from b");
    field.world.sites.serve("shop-a.test", "/hidden", linkedPage({ head }));
    const page = await browser().open(addressOf(`${SHOP_A}/hidden`, { name, options: { timeoutMs: LONG_TIMEOUT_MS } }));
    return { page, name };
  }

  /** As a page's chat writes its cookie, whatever hides `document.cookie` by now. */
  function startChat(page: Page, name: string, value: string): Promise<void> {
    return page.eval(
      (name, value) => {
        const property = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
        property?.set?.call(document, `${name}=${value}; Path=/; Domain=shop-a.test; Secure`);
      },
      name,
      value,
    );
  }

  async function worksOn(page: Page, name: string): Promise<void> {
    expect(await page.eval(() => errors)).toEqual([]);
    expect(await loadedOn(page)).toBe("from b");
    await startChat(page, name, "own");
    expect(await answerTo(page, "saveCookie")).toBe(true);
    expect(await sessionOn(browser(), SHOP_B, name)).toBe("own");
    await poll(() => page.eval((to) => provider.decorate(to).then((url) => url !== to), `${SHOP_B}/`), {
      what: "a decorated URL",
    });
    expect(await answerTo(page, "clearCookie")).toBe(true);
    expect(await answerTo(page, "loadCookie")).toBe(null);
    expect(await page.eval(() => provider.status.access)).toBe("granted");
    expect(await page.eval(() => errors)).toEqual([]);
  }

  test("nothing is hidden: loads, saves, decorates and ends", async () => {
    const { page, name } = await open(SCRIPT + START);
    expect(await page.eval(() => typeof document.cookie)).toBe("string");
    await worksOn(page, name);
  });

  // One by one in one engine: what hides a property is the same HTML in all, and every one at once is tried in each, below.
  describe.each(variantsIn(engine, HIDDEN_NAMES, 0))("document.$property is an element", ({ property, html }) => {
    const isHidden = (page: Page) =>
      page.eval((property) => {
        const found: unknown = (document as unknown as Record<string, unknown>)[property];
        const windows = Array.from(window, (_, index) => window[index]);
        return found instanceof Element || windows.some((one) => one === found);
      }, property);

    test("from before the script: loads, saves, decorates and ends", async () => {
      const { page, name } = await open(html + SCRIPT + START);
      expect(await isHidden(page)).toBe(true);
      await worksOn(page, name);
    });

    test("from after the script: loads, saves, decorates and ends", async () => {
      const { page, name } = await open(SCRIPT + START + html);
      expect(await isHidden(page)).toBe(true);
      await worksOn(page, name);
    });
  });

  test.each([
    ["before the script", HIDE_EVERYTHING + SCRIPT + START],
    ["after the script", SCRIPT + START + HIDE_EVERYTHING],
  ])("every property is an element, from %s: the session is loaded and saved", async (_, head) => {
    // Scripts in <head> have no body yet to put elements into.
    const { page, name } = await open(`<body>${head}`);
    await page.waitFor(() => typeof carried !== "undefined");
    expect(await page.eval(() => errors)).toEqual([]);
    expect(await page.eval(() => carried)).toBe("from b");
    await startChat(page, name, "own");
    expect(await answerTo(page, "saveCookie")).toBe(true);
    expect(await sessionOn(browser(), SHOP_B, name)).toBe("own");
  });
});
