/** A page whose cookies or storage throw, are switched off, or are not there. */
import { expect, test } from "vitest";
import { SHOP_A, SHOP_B, shopPage, variantsIn } from "../harness/index.ts";
import { startChat, uniqueName } from "../shop.ts";
import {
  ALLOWED,
  SCRIPT,
  START,
  addressOf,
  answerTo,
  fieldPage,
  inEngines,
  loadedOn,
  saveOn,
  useField,
} from "./field.ts";

declare global {
  /** What the page's own use of what is broken has thrown. */
  var thrown: string;
}

const throwing = (what: string) => `get() { throw new DOMException("${what} is off", "SecurityError"); }`;
const define = (names: readonly string[], property: string) =>
  names.map((name) => `Object.defineProperty(window, "${name}", { ${property} });`).join("");
const STORAGES = ["localStorage", "sessionStorage"];

/** How the page is, and an expression that shows that it is so. */
const CONDITIONS: Record<string, readonly [script: string, isBroken: string]> = {
  "nothing is broken": ["", "true"],
  "localStorage and sessionStorage are null": [define(STORAGES, "value: null"), "localStorage === null"],
  "localStorage and sessionStorage are a script's own, and have undefined for what they have not": [
    define(STORAGES, "value: { getItem() {}, setItem() {}, removeItem() {} }"),
    `localStorage.getItem("nothing") === undefined`,
  ],
  "localStorage and sessionStorage throw": [define(STORAGES, throwing("storage")), "throws(() => localStorage)"],
  "methods of storage throw": [
    `for (const method of ["getItem", "setItem", "removeItem"]) Object.defineProperty(Storage.prototype, method, { value() { throw new DOMException("full", "QuotaExceededError"); } });`,
    `throws(() => localStorage.setItem("a", "b"))`,
  ],
  "cookieStore throws": [define(["cookieStore"], throwing("cookieStore")), "throws(() => cookieStore)"],
  "cookieStore is undefined": [define(["cookieStore"], "value: undefined"), "cookieStore === undefined"],
  "methods of cookieStore reject": [
    define(
      ["cookieStore"],
      `value: { getAll: () => Promise.reject(new TypeError("no")), get: () => Promise.reject(new TypeError("no")), addEventListener() { throw new TypeError("no"); } }`,
    ),
    "throws(() => cookieStore.addEventListener())",
  ],
};

const field = useField();

inEngines(field, ALLOWED, (browser, engine) => {
  test.each(variantsIn(engine, Object.entries(CONDITIONS), 3))(
    "%s: the session is loaded and saved",
    async (_, [script, isBroken]) => {
      const name = uniqueName();
      await saveOn(browser(), SHOP_B, name, "from b");
      const head = `<script>
      function throws(run) { try { run(); return false; } catch { return true; } }
      ${script}
    </script>${SCRIPT}${START}`;
      field.world.sites.serve("shop-a.test", "/broken", fieldPage({ head }));
      // Only a page with host cookies asks for their domains.
      const page = await browser().open(
        addressOf(`${SHOP_A}/broken`, { name, options: { timeoutMs: 6000, cookie: { domain: "host" } } }),
      );
      expect(await page.eval(isBroken)).toBe(true);
      expect(await loadedOn(page)).toBe("from b");
      await startChat(page, name, "own");
      expect(await answerTo(page, "saveCookie")).toBe(true);
      expect(await page.eval(() => errors)).toEqual([]);
    },
  );

  test("document.cookie throws: the page keeps its chat, calls answer, and nothing rejects", async () => {
    const head = `<script>try { document.cookie; } catch ({ name }) { thrown = name; }</script>${SCRIPT}${START}`;
    field.world.sites.serve("shop-a.test", "/sandboxed", fieldPage({ head }));
    const src = addressOf(`${SHOP_A}/sandboxed`, { name: uniqueName(), options: { timeoutMs: 1500 } });
    field.world.sites.serve(
      "shop-b.test",
      "/embedding",
      shopPage({
        body: `<iframe title="shop" sandbox="allow-scripts" src="${src.replaceAll("&", "&amp;")}"></iframe>`,
      }),
    );
    const page = await browser().open(`${SHOP_B}/embedding`);
    const frame = await page.frame(`${SHOP_A}/sandboxed`);
    await frame.waitFor(() => typeof carried !== "undefined");
    expect(await frame.eval(() => ({ carried, thrown }))).toEqual({ carried: null, thrown: "SecurityError" });
    const answers = await frame.eval(() =>
      Promise.all([provider.loadCookie(), provider.saveCookie(), provider.clearCookie(), provider.cookieTest()]),
    );
    expect(answers).toEqual([null, false, false, false]);
    expect(await frame.eval(() => provider.decorate("https://shop-b.test/"))).toBe("https://shop-b.test/");
    expect(await frame.eval(() => errors)).toEqual([]);
  });
});
