/** The same where the browser blocks the hub's cookies: links alone carry the session, and their codes come from the frame. */
import { expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B, variantsIn } from "../harness/index.ts";
import { startChat } from "../shop.ts";
import { BLOCKED, addressOf, answerTo, chatOnPage, follow, inEngines, useField } from "./field.ts";
import { REPLACEMENTS, replaceIn } from "./replacements.ts";

const field = useField();

inEngines(field, BLOCKED, (browser, engine) => {
  function open(): Promise<{ page: Page; name: string }> {
    return chatOnPage(browser(), `${SHOP_A}/`, "first");
  }

  async function worksOn(page: Page, name: string): Promise<void> {
    expect(await answerTo(page, "loadCookie")).toBe("first");
    await startChat(page, name, "second");
    expect(await answerTo(page, "saveCookie")).toBe(false);
    expect(await answerTo(page, "cookieTest")).toBe(false);
    // The link goes into the body that stays.
    await page.waitFor(() => !globalThis.isReplacing);
    expect(await follow(page, addressOf(`${SHOP_B}/`, { name }))).toBe("second");
  }

  test("nothing is replaced: answers at once, and a link carries the session", async () => {
    const { page, name } = await open();
    expect(await page.eval(() => document.querySelectorAll("iframe").length)).toBe(1);
    await worksOn(page, name);
  });

  test.each(variantsIn(engine, REPLACEMENTS, 2))(
    "%s: answers at once, and a link carries the session",
    async (_, replace) => {
      const { page, name } = await open();
      expect(await replaceIn(page, replace)).toBe(true);
      await worksOn(page, name);
    },
  );
});
