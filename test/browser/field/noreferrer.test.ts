/** Links and pages that do not want the next site to know where the visitor comes from. A code is believed only with its origin. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SHOP_A, SHOP_B, type World, variantsIn } from "../harness/index.ts";
import { arrived, goOver, linkedShop, putHtml, startOnA } from "../linked-shops.ts";
import { ENGINES, goBy, inEachEngine, restOnIt, serveCondition, startField } from "./ways-out.ts";

let world: World;

beforeAll(async () => {
  world = await startField();
});

afterAll(() => world?.close());

const ATTRIBUTES = [
  `rel="noopener noreferrer"`,
  `referrerpolicy="no-referrer"`,
  `rel="noreferrer"`,
  `rel="NoReferrer nofollow" referrerpolicy="same-origin"`,
];

describe("a link with", () => {
  beforeAll(() => serveCondition(world, {}));

  inEachEngine(
    ENGINES,
    () => world,
    (browser, engine) => {
      test.each(variantsIn(engine, ATTRIBUTES, 2))(
        "%s arrives with the chat, and tells the origin alone",
        async (attributes) => {
          const { page, session } = await goBy("a quick click", browser(), attributes);
          expect(session).toBe("along");
          expect(await page.eval(() => document.referrer)).toBe(`${SHOP_A}/`);
        },
      );

      test.each(variantsIn(engine, ATTRIBUTES, 1))(
        "%s that opens a tab is as it was afterwards, and keeps its page to itself",
        async (attributes) => {
          const { from, page, session } = await goBy("a click that opens a tab", browser(), attributes);
          expect(session).toBe("along");
          expect(await page.eval(() => opener)).toBeNull();
          expect(await from.eval(() => document.getElementById("over")?.outerHTML)).toContain(attributes);
        },
      );

      test.each(ATTRIBUTES.slice(0, 1))("%s does not tell the origin where it carries nothing", async (attributes) => {
        const { page, name } = await startOnA(browser(), "kept", { handoff: false });
        expect(await goOver(page, linkedShop(SHOP_B, { name }), attributes)).toBeNull();
        expect(await page.eval(() => document.referrer)).toBe("");
      });

      test("rel=noreferrer on a form arrives with the chat", async () => {
        expect((await goBy("a form by POST", browser(), `rel="noreferrer"`)).session).toBe("along");
      });

      // Codes are seen to be there in Chromium alone.
      test.each(engine === "chromium" ? ATTRIBUTES : [])(
        "%s that is clicked with Ctrl arrives with the chat, too",
        async (attributes) => {
          const { page, name } = await startOnA(browser(), "aside");
          await putHtml(page, `<a id="over" ${attributes} href="${SHOP_B}/?name=${name}">Over</a>`);
          await restOnIt(page);
          const tab = await page.popup(() => page.click("#over", { modifier: "ctrl" }));
          expect(await arrived(tab, SHOP_B)).toBe("aside");
          expect(await tab.eval(() => [document.referrer, opener])).toEqual([`${SHOP_A}/`, null]);
          await page.waitFor(() => document.getElementById("over")?.getAttribute("referrerpolicy") !== "strict-origin");
          expect(await page.eval(() => document.getElementById("over")?.outerHTML)).toContain(attributes);
        },
      );
    },
  );
});

describe.each(["no-referrer", "same-origin"])("a page with Referrer-Policy: %s", (policy) => {
  beforeAll(() => serveCondition(world, { headers: { "referrer-policy": policy } }));

  inEachEngine(
    ENGINES,
    () => world,
    (browser, engine) => {
      test("tells the next page nothing by itself", async () => {
        const { page, name } = await startOnA(browser(), "kept", { handoff: false });
        await goOver(page, linkedShop(SHOP_B, { name }));
        expect(await page.eval(() => document.referrer)).toBe("");
      });

      test.each(variantsIn(engine, ["a quick click", "a click that opens a tab", "Enter"], 2))(
        "has %s arrive with the chat",
        async (way) => {
          expect((await goBy(way, browser())).session).toBe("along");
        },
      );

      test("has a form arrive, without the chat", async () => {
        expect((await goBy("a form by POST", browser())).session).toBeNull();
      });
    },
  );
});
