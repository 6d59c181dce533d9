/** A page that replaces its body, or removes frames that it does not know. */
import { expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B, variantsIn } from "../harness/index.ts";
import { linksCarry, pause } from "../linked-shops.ts";
import { IFRAME_URL, startChat, status } from "../shop.ts";
import {
  ALLOWED,
  LONG_TIMEOUT_MS,
  answerTo,
  chatOnPage,
  hears,
  inEngines,
  saveOn,
  sessionOn,
  useField,
} from "./field.ts";
import { REPLACEMENTS, replaceIn } from "./replacements.ts";

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  function open(session: string): Promise<{ page: Page; name: string }> {
    return chatOnPage(browser(), `${SHOP_A}/`, session);
  }

  async function worksOn(page: Page, name: string): Promise<void> {
    expect(await answerTo(page, "loadCookie")).toBe("first");
    await startChat(page, name, "second");
    expect(await answerTo(page, "saveCookie")).toBe(true);
    expect((await status(page)).access).toBe("granted");
    expect(await sessionOn(browser(), SHOP_B, name)).toBe("second");
    await linksCarry(page);
    expect(await answerTo(page, "cookieTest")).toBe(true);
    expect(await answerTo(page, "clearCookie")).toBe(true);
    expect(await sessionOn(browser(), SHOP_B, name)).toBeNull();
  }

  test("nothing is replaced: loads, saves, ends and decorates, and hears of another tab's session", async () => {
    const { page, name } = await open("first");
    expect(await page.eval(() => document.querySelectorAll("iframe").length)).toBe(1);
    await worksOn(page, name);
    await saveOn(browser(), SHOP_B, name, "from the other tab");
    await hears(page, "from the other tab");
  });

  test.each(variantsIn(engine, REPLACEMENTS, 4))(
    "%s: hears of another tab's session though nothing has called; loads, saves, ends and decorates at once",
    async (_, replace) => {
      const { page, name } = await open("old");
      expect(await replaceIn(page, replace)).toBe(true);
      await saveOn(browser(), SHOP_B, name, "first");
      await hears(page, "first");
      expect(await replaceIn(page, replace)).toBe(true);
      await worksOn(page, name);
      expect(await page.eval(() => errors)).toEqual([]);
    },
  );

  test("while a call is under way, it is answered as it would have been", async () => {
    const name = `under-way-${browser().engine}`;
    await saveOn(browser(), SHOP_B, name, "from b");
    const { page } = await open("another");
    const loaded = await page.eval(
      (name, iframeUrl, timeoutMs) => {
        const other = new CookieProvider(name, iframeUrl, undefined, { timeoutMs });
        const answer = other.loadCookie();
        document.body.innerHTML = "";
        return Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 8000, "late"))]);
      },
      name,
      IFRAME_URL,
      LONG_TIMEOUT_MS,
    );
    expect(loaded).toBe("from b");
  });

  test("again and again, in one task and in several, it works after the last time", async () => {
    const { page, name } = await open("first");
    await page.eval(async () => {
      for (let round = 0; round < 5; round++) {
        document.body.innerHTML = "";
        document.body.replaceWith(document.createElement("body"));
        await new Promise((resolve) => setTimeout(resolve, round * 20));
      }
    });
    await worksOn(page, name);
    expect(await page.eval(() => errors)).toEqual([]);
  });

  test("just as it is to be judged whether the hub's page has loaded: that is not held against the next frame", async () => {
    const { page, name } = await open("first");
    const told = await page.eval(async (iframeUrl) => {
      // The hub's answer to a script is there long before a frame has loaded.
      window.fetch = () => Promise.resolve(new Response());
      const other = new CookieProvider("another", iframeUrl);
      while (!document.querySelectorAll("iframe")[1]) await new Promise((resolve) => setTimeout(resolve));
      const frame = document.querySelectorAll("iframe")[1];
      const accesses: string[] = [];
      other.addEventListener("status", ({ detail }) => accesses.push(detail.access));
      await new Promise((resolve) => frame?.addEventListener("load", resolve));
      await new Promise((resolve) => setTimeout(resolve, 480));
      frame?.remove();
      await other.loadCookie();
      return accesses;
    }, IFRAME_URL);
    expect(told).toContain("granted");
    expect(told).not.toContain("untrusted");
    await worksOn(page, name);
  });

  test("just as the time of an earlier call is up: a hub that has answered that is not called silent", async () => {
    const { page } = await open("first");
    const accesses = await page.eval(async (iframeUrl) => {
      const other = new CookieProvider("another", iframeUrl, undefined, { timeoutMs: 1000 });
      const own = [...document.querySelectorAll("iframe")].at(-1);
      const told: string[] = [];
      await other.loadCookie();
      other.addEventListener("status", ({ detail }) => told.push(detail.access));
      await new Promise((resolve) => setTimeout(resolve, 930));
      own?.remove();
      void other.cookieTest();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return told;
    }, IFRAME_URL);
    expect(accesses).not.toContain("unreachable");
    expect(await page.eval(() => Number(localStorage.getItem("carryover:silent")))).toBe(0);
  });

  test("a provider that was destroyed puts no frame into the new body", async () => {
    const { page } = await open("first");
    await page.eval(() => provider.destroy());
    await replaceIn(page, () => void (document.body.innerHTML = ""));
    await pause(page, 500);
    expect(await page.eval(() => document.querySelectorAll("iframe").length)).toBe(0);
  });
});
