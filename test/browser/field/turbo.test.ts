/** Real Turbo 8, cookies allowed. */
import { describe, expect, test } from "vitest";
import { SHOP_B, variantsIn } from "../harness/index.ts";
import { linksCarry } from "../linked-shops.ts";
import { startChat, status } from "../shop.ts";
import { ALLOWED, answerTo, hears, inEngines, saveOn, sessionOn, useField } from "./field.ts";
import { ARRANGEMENTS, chatWithTurbo, serveTurbo, visitNext } from "./turbo-shop.ts";

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  describe.each(variantsIn(engine, Object.entries(ARRANGEMENTS), 2))("%s:", (_, arrangement) => {
    test("before the first visit, everything works", async () => {
      serveTurbo(field.world, arrangement);
      const { page } = await chatWithTurbo(browser(), "first");
      expect(await answerTo(page, "loadCookie")).toBe("first");
      await linksCarry(page);
    });

    test("after visits, the session is loaded and saved, links carry it, and another tab's is heard of", async () => {
      serveTurbo(field.world, arrangement);
      const { page, name } = await chatWithTurbo(browser(), "first");
      await visitNext(page);
      await visitNext(page);
      expect(await answerTo(page, "loadCookie")).toBe("first");
      await startChat(page, name, "second");
      expect(await answerTo(page, "saveCookie")).toBe(true);
      expect((await status(page)).access).toBe("granted");
      expect(await sessionOn(browser(), SHOP_B, name)).toBe("second");
      await linksCarry(page);
      await saveOn(browser(), SHOP_B, name, "third");
      await hears(page, "third");
      expect(await page.eval(() => errors)).toEqual([]);
    });

    test("back to a page that Turbo has kept, the session is loaded", async () => {
      serveTurbo(field.world, arrangement);
      const { page } = await chatWithTurbo(browser(), "first");
      await visitNext(page);
      await page.eval(() => history.back());
      await page.waitFor(() => location.pathname === "/turbo/1" && visits === 3);
      expect(await answerTo(page, "loadCookie")).toBe("first");
      expect(await answerTo(page, "saveCookie")).toBe(true);
    });
  });
});
