/**
 * A link leads to an address that redirects: the apex to www, www to the apex, one shop to another. Whatever redirects, the chat
 * arrives where the visitor does, as long as the code is still in the address there.
 */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SHOP_A, type World, shopPage, startWorld, variantsIn } from "../harness/index.ts";
import { arrived, linkedShop, linksCarry, putHtml, serveLinkedShops } from "../linked-shops.ts";
import { forgetSite } from "../shop.ts";
import { BEGUN_ON_A, withChatOnA } from "./chat-on-a.ts";

const APEX = "https://shop-b.test";
const WWW = "https://www.shop-b.test";
const THIRD = "https://shop-c.test";

let world: World;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, APEX, WWW, THIRD]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test", "www.shop-b.test", "shop-c.test"]);
  for (const [host, to] of [
    ["shop-b.test", WWW],
    ["www.shop-b.test", APEX],
    ["shop-c.test", WWW],
  ] as const) {
    for (const status of [301, 302, 308]) serveRedirect(host, `/${status}`, status, `${to}/`);
    serveRedirect(host, "/own-fragment", 302, `${to}/`, "#section");
    const carryOn = `"${to}/" + location.search + location.hash`;
    servePage(host, "/replace", `<script>location.replace(${carryOn});</script>`);
    servePage(host, "/assign", `<script>location.href = ${carryOn};</script>`);
    const meta = (url: string) => `'<meta http-equiv="refresh" content="0;url=' + ${url} + '">'`;
    servePage(host, "/refresh-with-fragment", `<script>document.write(${meta(carryOn)});</script>`);
    servePage(host, "/refresh", `<script>document.write(${meta(`"${to}/" + location.search`)});</script>`);
  }
  serveRedirect("shop-c.test", "/long-way", 302, `${APEX}/302`);
});

afterAll(() => world?.close());

function serveRedirect(host: string, path: string, status: number, to: string, fragment = ""): void {
  world.sites.serve(host, path, ({ url }) => ({
    status,
    headers: { location: to + url.search + fragment },
  }));
}

/** A page that goes on before our script, which it has not got. */
function servePage(host: string, path: string, head: string): void {
  world.sites.serve(host, path, shopPage({ title: "One moment", head }));
}

withChatOnA(
  () => world,
  "the chat",
  (chat, engine) => {
    // What a link has brought is not to be there for the next one, nor is what a page that was left at once has kept of it.
    afterEach(forget);

    async function forget(): Promise<void> {
      await forgetSite(chat.page);
      await chat.page.eval(() => sessionStorage.clear());
    }

    /** Goes from shop A by a link to the path, and waits for the page that it leads to in the end. */
    async function follow(from: string, path: string, to: string, rest = ""): Promise<string | null | undefined> {
      await chat.page.goto(linkedShop(SHOP_A, { name: chat.name }));
      await linksCarry(chat.page);
      world.sites.clearLog();
      const href = linkedShop(from + path, { name: chat.name, rest }).replace("/?", "?");
      await putHtml(chat.page, `<a id="over" href="${href.replaceAll("&", "&amp;")}">Our other shop</a>`);
      await chat.page.click("#over");
      const session = await arrived(chat.page, to);
      const asked = world.sites.log(new URL(from).host).map((request) => request.path.split("?")[0]);
      expect(asked).toContain(path || "/");
      expect(await chat.page.eval(() => errors)).toEqual([]);
      return session;
    }

    async function expectToArrive(from: string, path: string, to: string, rest = ""): Promise<void> {
      expect(await follow(from, path, to, rest)).toBe(BEGUN_ON_A);
      expect(await chat.page.eval(() => location.href)).toBe(linkedShop(to, { name: chat.name, rest }));
      await forget();
    }

    test("arrives without a redirect: the positive control", async () => {
      await expectToArrive(WWW, "", WWW);
    });

    test.each(variantsIn(engine, [301, 302, 308], 1))(
      "arrives by a redirect from the apex to www, with status %i",
      async (status) => {
        await expectToArrive(APEX, `/${status}`, WWW);
      },
    );

    test("arrives by a redirect from www to the apex", async () => {
      await expectToArrive(WWW, "/301", APEX);
    });

    test("arrives over a third shop, and over two", async () => {
      await expectToArrive(THIRD, "/302", WWW);
      await expectToArrive(THIRD, "/long-way", WWW);
    });

    test("arrives by a redirect together with the link's own fragment", async () => {
      await expectToArrive(APEX, "/302", WWW, "#section");
    });

    test.each(["/replace", "/assign", "/refresh-with-fragment"])(
      "arrives by a page's own %s, if that takes the fragment along",
      async (path) => {
        await expectToArrive(APEX, path, WWW);
      },
    );

    test("arrives by the script of a third shop", async () => {
      await expectToArrive(THIRD, "/replace", WWW);
    });

    test("stays behind with the fragment, and the page starts without it", async () => {
      expect(await follow(APEX, "/refresh", WWW)).toBeNull();
    });

    test("stays behind where the redirect has a fragment of its own, and the page starts without it", async () => {
      expect(await follow(APEX, "/own-fragment", WWW)).toBeNull();
      expect(await chat.page.eval(() => location.hash)).toBe("#section");
    });
  },
);
