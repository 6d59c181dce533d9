/** Forms whose fields are called like the form's own properties, and hide them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { SHOP_B, type World } from "../harness/index.ts";
import { arrived, linkedShop, putHtml, startOnA } from "../linked-shops.ts";
import { ENGINES, inEachEngine, startField } from "./ways-out.ts";

const NAMES =
  "requestSubmit submit setAttribute removeAttribute getAttribute hasAttribute getAttributeNS action method target elements enctype rel name id matches closest querySelector ownerDocument localName nodeType namespaceURI isContentEditable addEventListener removeEventListener dispatchEvent append remove children attributes constructor";

let world: World;

beforeAll(async () => {
  world = await startField();
});

afterAll(() => world?.close());

function fields(names: string[]): string {
  return names.map((name) => `<input type="hidden" name="${name}" value="1">`).join("");
}

inEachEngine(
  ENGINES,
  () => world,
  (browser, engine) => {
    const cases = engine === "chromium" ? NAMES.split(" ").map((name) => [name]) : [];

    test.each([...cases, NAMES.split(" ")])(
      "a form with fields %s arrives with the chat, and all it says",
      async (...names) => {
        const { page, name } = await startOnA(browser(), "along");
        const href = linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;");
        await putHtml(
          page,
          `<form method="post" action="${href}">${fields(names)}<input type="hidden" name="q" value="tea"><button id="over">Send</button></form>`,
        );
        const isHidden = (name: string) =>
          Reflect.get(document.querySelector("form")!, name) instanceof HTMLInputElement;
        expect(await page.eval(isHidden, names[0]!)).toBe(true);
        await page.click("#over");
        expect(await arrived(page, SHOP_B)).toBe("along");
        expect(await page.eval(() => document.title)).toContain(`${names.join("=1&")}=1&q=tea`);
      },
    );

    test("a link within such a form arrives with the chat", async () => {
      const { page, name } = await startOnA(browser(), "along");
      const href = linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;");
      await putHtml(page, `<form>${fields(NAMES.split(" "))}<a id="over" href="${href}">Over</a></form>`);
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("along");
    });
  },
);
