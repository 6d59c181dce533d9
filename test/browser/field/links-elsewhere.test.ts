/** Links that are not the page's HTML: in an SVG image, and in frames of the page's own origin that lead the whole page away. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { SHOP_A, SHOP_B, type World, shopPage } from "../harness/index.ts";
import { arrived, linkedShop, putHtml, startOnA } from "../linked-shops.ts";
import { ENGINES, inEachEngine, startField } from "./ways-out.ts";

let world: World;

beforeAll(async () => {
  world = await startField();
  world.sites.serve("shop-a.test", "/menu", ({ url }) => shopPage({ body: url.searchParams.get("html") ?? "" }));
});

afterAll(() => world?.close());

const SHAPE = `<rect id="over" width="90" height="40" fill="teal"/>`;

inEachEngine(
  ENGINES,
  () => world,
  (browser) => {
    test.each([
      ["href", `<svg width="90" height="40"><a href="HREF">${SHAPE}</a></svg>`],
      ["xlink:href", `<svg width="90" height="40"><a xlink:href="HREF">${SHAPE}</a></svg>`],
      [
        "target and rel",
        `<svg width="90" height="40"><a target="_self" rel="noreferrer" href="HREF">${SHAPE}</a></svg>`,
      ],
    ])("an SVG link by %s takes the chat along", async (_, html) => {
      const { page, name } = await startOnA(browser(), "drawn");
      await putHtml(page, html.replace("HREF", linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")));
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("drawn");
    });

    test.each([
      ["a link with target=_top", `<a id="over" target="_top" href="HREF">Over</a>`],
      ["a link with target=_parent", `<a id="over" target="_parent" href="HREF">Over</a>`],
      ["a base with target=_top", `<base target="_top"><a id="over" href="HREF">Over</a>`],
      [
        "a form with target=_top",
        `<form method="post" target="_top" action="HREF"><button id="over">Over</button></form>`,
      ],
    ])("%s in a frame of the page's origin takes the chat along", async (_, html) => {
      const { page, name } = await startOnA(browser(), "framed");
      const menu = html.replace("HREF", linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;"));
      await putHtml(
        page,
        `<iframe src="${SHOP_A}/menu?html=${encodeURIComponent(menu)}" style="width:300px;height:200px"></iframe>`,
      );
      const frame = await page.frame(`${SHOP_A}/menu`);
      await frame.waitFor(() => document.readyState === "complete");
      await frame.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("framed");
    });

    test("a link that stays in such a frame is the frame's own", async () => {
      const { page, name } = await startOnA(browser(), "framed");
      const menu = `<a id="over" href="${linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")}">Over</a>`;
      await putHtml(
        page,
        `<iframe src="${SHOP_A}/menu?html=${encodeURIComponent(menu)}" style="width:300px;height:200px"></iframe>`,
      );
      const frame = await page.frame(`${SHOP_A}/menu`);
      await frame.waitFor(() => document.readyState === "complete");
      await frame.click("#over");
      const inside = await page.frame(`${SHOP_B}/`);
      expect(await inside.waitFor(() => location.href)).not.toContain("carryover");
      expect(await page.eval(() => location.origin)).toBe(SHOP_A);
    });
  },
);
