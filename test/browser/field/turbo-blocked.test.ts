/** Real Turbo 8, where the browser blocks the hub's cookies: links alone carry the session. */
import { describe, expect, test } from "vitest";
import { SHOP_B, variantsIn } from "../harness/index.ts";
import { startChat } from "../shop.ts";
import { BLOCKED, addressOf, answerTo, follow, inEngines, useField } from "./field.ts";
import { ARRANGEMENTS, chatWithTurbo, serveTurbo, visitNext } from "./turbo-shop.ts";

const field = useField();

inEngines(field, BLOCKED, (browser, engine) => {
  describe.each(variantsIn(engine, Object.entries(ARRANGEMENTS), 2))("%s:", (_, arrangement) => {
    test("before the first visit, a link carries the session", async () => {
      serveTurbo(field.world, arrangement);
      const { page, name } = await chatWithTurbo(browser(), "first");
      expect(await follow(page, addressOf(`${SHOP_B}/`, { name }))).toBe("first");
    });

    test("after visits, calls answer at once, and a link carries the session", async () => {
      serveTurbo(field.world, arrangement);
      const { page, name } = await chatWithTurbo(browser(), "first");
      await visitNext(page);
      await visitNext(page);
      expect(await answerTo(page, "loadCookie")).toBe("first");
      await startChat(page, name, "second");
      expect(await answerTo(page, "saveCookie")).toBe(false);
      expect(await follow(page, addressOf(`${SHOP_B}/`, { name }))).toBe("second");
    });
  });
});
