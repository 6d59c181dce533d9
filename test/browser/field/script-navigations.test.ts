/** Scripts of the page that lead away by themselves. The Navigation API announces it, where the browser has that. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { SHOP_A, SHOP_B, type World, poll, variantsIn } from "../harness/index.ts";
import { arrived, linkedShop, putHtml, startOnA } from "../linked-shops.ts";
import { ENGINES, inEachEngine, startField } from "./ways-out.ts";

let world: World;

beforeAll(async () => {
  world = await startField();
});

afterAll(() => world?.close());

const WAYS: [string, (href: string) => void][] = [
  ["location.assign", (href) => location.assign(href)],
  ["location.href =", (href) => (location.href = href)],
  ["location.replace", (href) => location.replace(href)],
  [
    "a link's address 150 ms after its click",
    (href) => {
      document.getElementById("over")?.addEventListener("click", (event) => {
        event.preventDefault();
        setTimeout(() => (location.href = href), 150);
      });
      document.getElementById("over")?.click();
    },
  ],
];

inEachEngine(
  ENGINES,
  () => world,
  (browser, engine) => {
    test.each(variantsIn(engine, WAYS, 2))(
      "%s arrives, with the chat where the browser announces it",
      async (_, leave) => {
        const { page, name } = await startOnA(browser(), "scripted");
        const href = linkedShop(SHOP_B, { name, rest: "#section" });
        await putHtml(page, `<a id="over" href="${href.replaceAll("&", "&amp;")}">Over</a>`);
        const isAnnounced = await page.eval(() => "navigation" in window);
        await page.eval(`setTimeout(${String(leave)}, 0, ${JSON.stringify(href)}); 0`);
        expect(await arrived(page, SHOP_B)).toBe(isAnnounced ? "scripted" : null);
        expect(await page.eval(() => location.href)).toBe(href);
      },
    );

    test("a URL that the page has decorated itself is left as it is", async () => {
      const { page, name } = await startOnA(browser(), "by hand");
      await page.eval(
        (href) => {
          void provider.decorate(href).then((url) => location.assign(url));
        },
        linkedShop(SHOP_B, { name }),
      );
      expect(await arrived(page, SHOP_B)).toBe("by hand");
    });

    test("the last of two is where the page goes", async () => {
      const { page, name } = await startOnA(browser(), "twice");
      await page.eval(
        (first, second) => {
          setTimeout(() => {
            location.assign(first);
            location.assign(second);
          });
        },
        linkedShop(SHOP_B, { name, rest: "#first" }),
        `${SHOP_A}/second?name=${name}`,
      );
      await poll(() => page.eval(() => location.pathname === "/second" && carried !== undefined).catch(() => false), {
        what: "the second",
      });
      expect(await page.eval(() => carried)).toBe("twice");
    });
  },
);
