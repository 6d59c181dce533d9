/** What browsers do by themselves with links and forms that are not as plain as others: the script is not to do anything else. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Page, SHOP_A, SHOP_B, type World, poll, shopPage, variantsIn } from "../harness/index.ts";
import { arrived, linkedShop, pause, putHtml, startOnA } from "../linked-shops.ts";
import { ENGINES, inEachEngine, serveCondition, startField } from "./ways-out.ts";

let world: World;

beforeAll(async () => {
  world = await startField();
  world.sites.serve("shop-a.test", "/local", shopPage({ title: "Local" }));
});

afterEach(() => world.setHub("up"));

afterAll(() => world?.close());

const BUTTONS: readonly (readonly [what: string, html: string, path: string])[] = [
  [
    "a submit button in a link in a form",
    `<form action="/local"><a href="HREF"><button id="over">Save</button></a></form>`,
    "/local",
  ],
  ["a form in a link", `<a href="HREF"><form action="/local"><button id="over">Add</button></form></a>`, "/local"],
  [
    "a reset button in a link",
    `<form action="/local"><a href="HREF"><button id="over" type="reset">Reset</button></a></form>`,
    "/",
  ],
  [
    "an SVG link with xlink:show=new",
    `<svg width="90" height="40"><a xlink:href="HREF" xlink:show="new"><rect id="over" width="90" height="40"/></a></svg>`,
    "/",
  ],
];

inEachEngine(
  ENGINES,
  () => world,
  (browser, engine) => {
    async function put(html: string): Promise<{ page: Page; name: string; href: string }> {
      const { page, name } = await startOnA(browser(), "along");
      const href = linkedShop(SHOP_B, { name, rest: "&at=" });
      await putHtml(page, html.replace("HREF", href.replaceAll("&", "&amp;")));
      return { page, name, href };
    }

    test.each(variantsIn(engine, BUTTONS, 3))("%s does what it does without the script", async (_, html, path) => {
      const { page } = await put(html);
      await page.click("#over");
      await page.waitFor(`location.pathname === ${JSON.stringify(path)}`);
      await pause(page, 500);
      expect(await page.eval(() => location.origin)).toBe(SHOP_A);
      expect(await page.eval(() => location.pathname)).toBe(path);
    });

    test("an image map that the server reads is told where it was clicked", async () => {
      const image = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"/>')}`;
      const { page } = await put(`<a href="HREF"><img id="over" ismap width="100" height="100" src='${image}'></a>`);
      await page.click("#over");
      await arrived(page, SHOP_B);
      expect(await page.eval(() => location.href)).toMatch(/&at=\?\d+,\d+$/);
    });

    test("a link in a sandboxed frame that may not lead the page away does not", async () => {
      const { page, href } = await put("");
      await page.eval((href) => {
        const frame = document.createElement("iframe");
        frame.setAttribute("sandbox", "allow-same-origin allow-scripts");
        frame.srcdoc = `<a id="over" target="_top" href="${href.replaceAll("&", "&amp;")}">Over</a>`;
        return new Promise((resolve) => {
          frame.onload = resolve;
          document.getElementById("room")?.append(frame);
        }).then(() => {});
      }, href);
      await page.eval(() => {
        const frame = [...document.querySelectorAll("iframe")].find(({ srcdoc }) => srcdoc);
        frame?.contentDocument?.getElementById("over")?.click();
      });
      await pause(page, 700);
      expect(await page.eval(() => location.origin)).toBe(SHOP_A);
    });

    test("a form's _charset_ says how the form is encoded", async () => {
      const { page } = await put(
        `<form method="post" action="HREF" accept-charset="iso-8859-1"><input type="hidden" name="_charset_"><button id="over">Send</button></form>`,
      );
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("along");
      expect(await page.eval(() => document.title)).toContain("_charset_=windows-1252");
    });

    test("a link with a referrer policy that there is not arrives with the chat, on a page that tells nothing", async () => {
      serveCondition(world, { headers: { "referrer-policy": "no-referrer" } });
      const { page } = await put(`<a id="over" referrerpolicy="never" href="HREF">Over</a>`);
      serveCondition(world, {});
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("along");
    });

    test("of two links the one that was clicked last is followed, also when the visitor comes back", async () => {
      const { page } = await put(`<a id="over" href="HREF">Over</a> <a id="near" href="/local">Near</a>`);
      world.setHub("silent");
      await page.eval(() => {
        document.getElementById("over")?.click();
        setTimeout(() => document.getElementById("near")?.click(), 20);
      });
      await poll(() => page.eval(() => location.pathname === "/local").catch(() => false), { what: "the local page" });
      await page.back();
      await pause(page, 2000);
      expect(await page.eval(() => location.origin)).toBe(SHOP_A);
    });
  },
);
