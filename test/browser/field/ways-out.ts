import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Engine, whyNoEngine } from "../../../scripts/browsers/ensure-engine.ts";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type World,
  poll,
  startWorld,
  variantsIn,
} from "../harness/index.ts";
import { BLOCKED, arrived, linkedShop, putHtml, serveLinkedShops, startOnA } from "../linked-shops.ts";
import { closeTabs } from "../shop.ts";

/** What shop A's pages are like. Shop B's are plain. */
export type Condition = {
  /** HTML before Carryover's script. */
  readonly head?: string;
  readonly headers?: Record<string, string>;
};

/** Sites with the hub; pages of shop A have the condition. */
export async function startField(condition: Condition = {}): Promise<World> {
  const world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveCondition(world, condition);
  serveLinkedShops(world, ["shop-b.test"]);
  return world;
}

export function serveCondition(world: World, { head = "", headers = {} }: Condition): void {
  const include = `${head}<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`;
  serveLinkedShops(world, ["shop-a.test"], headers, include);
}

export const ENGINES = ["chromium", "firefox", "webkit"] as const;

/** Runs tests in each engine, with third-party cookies blocked: what arrives has come by the link. */
export function inEachEngine(
  engines: readonly Engine[],
  world: () => World,
  tests: (browser: () => Browser, engine: Engine) => void,
): void {
  describe.each(engines)("in %s", (engine) => {
    const why = whyNoEngine(engine);
    describe.skipIf(why !== undefined)(`third-party cookies blocked (${why ?? "had here"})`, () => {
      let browser: Browser;

      beforeAll(async () => {
        browser = await world().launch(BLOCKED[engine]);
      });

      afterAll(() => browser?.close());

      afterEach(() => closeTabs(browser));

      tests(() => browser, engine);
    });
  });
}

/** A visitor's ways from shop A to shop B, each of which ends there. */
const WAYS: Readonly<Record<string, { html: string; leave: (page: Page) => Promise<Page> }>> = {
  "a quick click": { html: `<a id="over" ATTRIBUTES href="HREF">Over</a>`, leave: click },
  Enter: {
    html: `<a id="over" ATTRIBUTES href="HREF">Over</a>`,
    async leave(page) {
      await page.eval(() => document.getElementById("over")?.focus());
      await page.press("Enter");
      return page;
    },
  },
  "a click that opens a tab": {
    html: `<a id="over" target="_blank" ATTRIBUTES href="HREF">Over</a>`,
    leave: (page) => page.popup(() => click(page)),
  },
  "a form by GET": {
    html: `<form action="${SHOP_B}/" ATTRIBUTES><input type="hidden" name="name" value="NAME"><button id="over">Send</button></form>`,
    leave: click,
  },
  "a form by POST": {
    html: `<form method="post" action="HREF" ATTRIBUTES><input type="hidden" name="q" value="tea"><button id="over">Send</button></form>`,
    leave: click,
  },
};

async function click(page: Page): Promise<Page> {
  await page.click("#over");
  return page;
}

/** Rests the pointer on the way out until its code is there. In Chromium: the other engines do not tell of requests. */
export async function restOnIt(page: Page): Promise<void> {
  const codes = () => page.requests.filter(({ url, status }) => url.endsWith("/handoff") && status === 201).length;
  const before = codes();
  await page.eval(() => {
    document.getElementById("over")?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, composed: true }));
  });
  await poll(() => codes() > before, { what: "a code" });
  // The frame has it, and has passed it on.
  await page.eval(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
}

export type Way = keyof typeof WAYS;

export const ALL_WAYS = Object.keys(WAYS);

/** @returns the page on which the visitor has come, and the session that has come along */
export async function goBy(
  way: Way,
  browser: Browser,
  attributes = "",
): Promise<{ from: Page; page: Page; session: string | null | undefined }> {
  const { page: from, name } = await startOnA(browser, "along");
  const { html, leave } = WAYS[way]!;
  const href = linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;");
  await putHtml(from, html.replace("HREF", href).replace("NAME", name).replace("ATTRIBUTES", attributes));
  const page = await leave(from);
  return { from, page, session: await arrived(page, SHOP_B) };
}

/** The condition is there, and each way out still ends at shop B, with the chat. */
export function expectEachWay(condition: Condition, isThere: () => unknown, ways: readonly Way[] = ALL_WAYS): void {
  let world: World;

  beforeAll(async () => {
    world = await startField(condition);
  });

  afterAll(() => world?.close());

  inEachEngine(
    ENGINES,
    () => world,
    (browser, engine) => {
      test("the page is as it is said to be", async () => {
        const { page } = await startOnA(browser(), "there");
        expect(await page.eval(isThere)).toBeTruthy();
      });

      test.each(variantsIn(engine, ways, 3))("%s arrives with the chat", async (way) => {
        const { session } = await goBy(way, browser());
        expect(session).toBe("along");
      });
    },
  );
}
