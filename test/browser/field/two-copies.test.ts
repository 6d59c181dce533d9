/** The script twice on a page, as a tag manager's second one is: what a link has brought is there for either copy's provider. */
import { describe, expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import type { CookieProvider } from "../../../client/cookie-provider.d.ts";
import { HUB_ORIGIN, type Page, SHOP_A, variantsIn } from "../harness/index.ts";
import { IFRAME_URL } from "../shop.ts";
import { BLOCKED, addressOf, chatOnPage, follow, inEngines, linkedPage, useField } from "./field.ts";

declare global {
  /** The classes of the page's copies, in the order in which these have run. */
  var copies: (typeof CookieProvider)[];
}

const NOTE = `<script>(self.copies ??= []).push(CookieProvider);</script>`;
const VERSIONED = `${HUB_ORIGIN}/v/${packageJson.version}`;
const classic = (url: string) => `<script src="${url}"></script>${NOTE}`;
const module = (url: string) =>
  `<script type="module">import { CookieProvider } from "${url}"; (self.copies ??= []).push(CookieProvider);</script>`;

const COPIES = {
  "two tags": classic(`${HUB_ORIGIN}/cookie-provider.min.js`).repeat(2),
  "the moving and the versioned address":
    classic(`${HUB_ORIGIN}/cookie-provider.min.js`) + classic(`${VERSIONED}/cookie-provider.min.js`),
  "the classic script and the module":
    classic(`${HUB_ORIGIN}/cookie-provider.min.js`) + module(`${HUB_ORIGIN}/cookie-provider.mjs`),
  "the module, moving and versioned":
    module(`${HUB_ORIGIN}/cookie-provider.mjs`) + module(`${VERSIONED}/cookie-provider.mjs`),
};

const field = useField();

inEngines(field, BLOCKED, (browser, engine) => {
  /** A visitor of shop A follows a link to a fresh shop, whose page makes no provider. */
  async function arrive(head: string, session: string, count = 2): Promise<{ page: Page; name: string }> {
    const to = field.freshShop();
    field.world.sites.serve(new URL(to).host, "/*", linkedPage({ head: `${head}<script>carried = null;</script>` }));
    const { page, name } = await chatOnPage(browser(), `${SHOP_A}/`, session);
    await follow(page, addressOf(`${to}/`, { name }));
    await page.waitFor(`copies.length === ${count}`);
    expect(await page.eval(() => location.hash)).toBe("");
    return { page, name };
  }

  /** The sessions that providers of these copies load, constructed in this order. */
  function load(page: Page, name: string, order: readonly number[]): Promise<(string | null)[]> {
    return page.eval(
      (name, iframeUrl, order) => {
        const providers = order.map((index) => {
          const Copy = copies[index];
          return Copy && new Copy(name, iframeUrl, undefined, { timeoutMs: 8000 });
        });
        return Promise.all(providers.map(async (one) => (await one?.loadCookie()) ?? null));
      },
      name,
      IFRAME_URL,
      order,
    );
  }

  test("one copy has what the link brought", async () => {
    const { page, name } = await arrive(classic(`${HUB_ORIGIN}/cookie-provider.min.js`), "one", 1);
    expect(await load(page, name, [0])).toEqual(["one"]);
  });

  describe.each(variantsIn(engine, Object.entries(COPIES), 1))("%s:", (_, head) => {
    test.each(variantsIn(engine, [[[1]], [[0, 1]], [[0]], [[1, 0]]], 2))(
      "providers of copies %j have what the link brought",
      async (order) => {
        const { page, name } = await arrive(head, "brought");
        expect(await load(page, name, order)).toEqual(order.map(() => "brought"));
        expect(await page.eval(() => new Set(copies).size)).toBe(2);
        expect(await page.eval(() => errors)).toEqual([]);
      },
    );
  });
});
