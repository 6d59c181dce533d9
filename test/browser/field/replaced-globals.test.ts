/** Pages with globals of their own that are called like the browser's, from before the script: `function Map() {}` is enough. */
import { expect, test } from "vitest";
import { SHOP_A, SHOP_B, variantsIn } from "../harness/index.ts";
import { startChat, uniqueName } from "../shop.ts";
import {
  ALLOWED,
  SCRIPT,
  START,
  addressOf,
  answerTo,
  fieldPage,
  follow,
  inEngines,
  loadedOn,
  saveOn,
  sessionOn,
  useField,
} from "./field.ts";

const GLOBALS = {
  "nothing (the control)": "",
  "a Set and a URL": `function Set(element) { this.element = element; } var URL = "https://api.test/";`,
  "a length": "var length = 4;",
  "a navigation": "var navigation = { menu: [] };",
  "a navigation, and a length of another kind": `var navigation = "main"; var length = "long";`,
  // WebKit's driver keeps its nodes in a `Map` of the page's: it loses the page, not we.
  "a Map": "function Map(element) { this.element = element; }",
};

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  test.each(variantsIn(engine, Object.entries(GLOBALS).slice(0, engine === "webkit" ? -1 : undefined), 4))(
    "%s: loads, saves, decorates, and links carry it",
    async (_, script) => {
      const name = uniqueName();
      await saveOn(browser(), SHOP_B, name, "from b");
      field.world.sites.serve(
        "shop-a.test",
        "/globals",
        fieldPage({ head: `<script>${script}</script>${SCRIPT}${START}` }),
      );
      const page = await browser().open(addressOf(`${SHOP_A}/globals`, { name, options: { timeoutMs: 8000 } }));
      expect(await loadedOn(page)).toBe("from b");
      await startChat(page, name, "own");
      expect(await answerTo(page, "saveCookie")).toBe(true);
      expect(await answerTo(page, "cookieTest")).toBe(true);
      expect(await sessionOn(browser(), SHOP_B, name)).toBe("own");
      expect(await page.eval(() => errors)).toEqual([]);
      expect(await follow(page, addressOf(`${SHOP_B}/arrived`, { name }))).toBe("own");
    },
  );
});
