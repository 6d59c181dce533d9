/**
 * What the tests of the field share: other people's pages as they are. A file has one world, in which tenant acme trusts the shops,
 * and starts each engine once; a page is as its test writes it, and is told by its query which session it is about.
 */
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import type { CookieProvider } from "../../../client/cookie-provider.d.ts";
import {
  type Answer,
  type Browser,
  type Engine,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type Wish,
  type World,
  missingEngine,
  poll,
  shopPage,
  startWorld,
} from "../harness/index.ts";
import { BLOCKED, WAIT_LONGER, arrived, linksCarry } from "../linked-shops.ts";
import { IFRAME_URL, closeTabs, startChat, uniqueName } from "../shop.ts";

declare global {
  /** Starts the page's provider, as its query says. */
  var startProvider: (Provider?: typeof CookieProvider) => CookieProvider;
  /** Loads the session into `carried`. */
  var loadSession: () => Promise<string | null>;
}

/** A host that is nobody's shop. */
export const ELSEWHERE = "https://elsewhere.test";

export const SCRIPT = `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`;
/** The same from a server of its own: it is there when the hub is not. */
export const COPY = `<script src="${ELSEWHERE}/cookie-provider.min.js"></script>`;
export const START = `<script>startProvider(); loadSession();</script>`;

/** So long that what waits it out is never taken for an answer. */
export const LONG_TIMEOUT_MS = 60_000;
/** Time enough for the hub's frame to come back and answer. */
const PATIENCE_MS = 7_000;

export const ALLOWED: Readonly<Record<Engine, Wish>> = {
  chromium: { engine: "chromium", policy: "allow" },
  firefox: { engine: "firefox", policy: "allow" },
  webkit: { engine: "webkit", policy: "allow" },
};
export { BLOCKED };

const FRESH_SHOPS = Array.from({ length: 80 }, (_, index) => `https://field-${index}.test`);

const PRELUDE = `<script>
  errors = [];
  events = [];
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  function startProvider(Provider = CookieProvider) {
    const query = new URLSearchParams(location.search);
    provider = new Provider(query.get("name") ?? "chat", query.get("iframe") ?? "${IFRAME_URL}", undefined, JSON.parse(query.get("options") ?? "{}"));
    for (const type of ["status", "session", "saved"]) provider.addEventListener(type, ({ detail }) => events.push({ type, detail }));
    return provider;
  }
  async function loadSession() {
    carried = undefined;
    return (carried = await provider.loadCookie());
  }
</script>`;

export type FieldPage = {
  /** With the provider's script, and whatever else is to be in `<head>`. */
  readonly head?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
};

/** A page of a shop that loads its session as it should. */
export function fieldPage({ head = SCRIPT + START, body = "", headers = {} }: FieldPage = {}): Answer {
  return shopPage({ head: PRELUDE + head, body, headers });
}

/** A page whose links may wait longer for their codes than a visitor would. */
export function linkedPage({ head = SCRIPT + START, ...rest }: FieldPage = {}): Answer {
  return fieldPage({ head: WAIT_LONGER + head, ...rest });
}

export type Field = {
  readonly world: World;
  /** The origin of a trusted shop where nobody has been yet. */
  readonly freshShop: () => string;
};

/** The world of a test file. Shops A and B, and the fresh ones, have a page without any condition at every address. */
export function useField(moreTrusted: readonly string[] = []): Field {
  let world: World | undefined;
  let used = 0;
  beforeAll(async () => {
    const trusted = [SHOP_A, SHOP_B, ...FRESH_SHOPS, ...moreTrusted];
    world = await startWorld({ tenants: { acme: JSON.stringify(trusted) } });
    for (const origin of trusted) world.sites.serve(new URL(origin).host, "/*", linkedPage());
    const script = readFileSync(new URL("../../../dist/assets/cookie-provider.min.js", import.meta.url), "utf8");
    const headers = { "content-type": "text/javascript" };
    world.sites.serve("elsewhere.test", "/cookie-provider.min.js", { headers, body: script });
    world.sites.serve("elsewhere.test", "/*", shopPage({ title: "Elsewhere" }));
  });
  afterAll(() => world?.close());
  return {
    get world() {
      if (!world) throw new Error("There is a world within tests only.");
      return world;
    },
    freshShop() {
      const shop = FRESH_SHOPS[used++];
      if (!shop) throw new Error("There are no more fresh shops.");
      return shop;
    },
  };
}

/** Runs the tests in each of the engines, which is started once for all of them. */
export function inEngines(
  field: Field,
  wishes: Readonly<Partial<Record<Engine, Wish>>>,
  tests: (browser: () => Browser, engine: Engine) => void,
): void {
  for (const engine of ["chromium", "firefox", "webkit"] as const) {
    const wish = wishes[engine];
    if (!wish) continue;
    const missing = missingEngine(engine);
    describe.skipIf(missing)(`in ${engine}, cookies: ${wish.policy}${missing}`, () => {
      let browser: Browser | undefined;
      beforeAll(async () => {
        browser = await field.world.launch(wish);
      });
      afterAll(() => browser?.close());
      afterEach(async () => {
        field.world.setHub("up");
        if (browser) await closeTabs(browser);
      });
      tests(() => {
        if (!browser) throw new Error("There is a browser within tests only.");
        return browser;
      }, engine);
    });
  }
}

export type Asked = {
  readonly name: string;
  readonly options?: object;
  readonly iframeUrl?: string;
  /** Behind the query. */
  readonly hash?: string;
};

/** The address of a page that is to keep the session of this name. */
export function addressOf(page: string, { name, options, iframeUrl, hash = "" }: Asked): string {
  const query = new URLSearchParams({
    name,
    ...(options && { options: JSON.stringify(options) }),
    ...(iframeUrl && { iframe: iframeUrl }),
  });
  return `${new URL(page).href}?${query}${hash}`;
}

/** The session that the page has loaded. */
export async function loadedOn(page: Page): Promise<string | null | undefined> {
  await page.waitFor(() => typeof carried !== "undefined");
  return page.eval(() => carried);
}

/** A visitor's chat, begun and saved in a tab of its own. */
export async function chatOnPage(
  browser: Browser,
  address: string,
  session: string,
  asked: Partial<Asked> = {},
): Promise<{ page: Page; name: string }> {
  const name = asked.name ?? uniqueName();
  const page = await browser.open(addressOf(address, { options: { timeoutMs: LONG_TIMEOUT_MS }, ...asked, name }));
  await loadedOn(page);
  await startChat(page, name, session);
  await page.eval(() => provider.saveCookie());
  return { page, name };
}

/** The session as another shop loads it, in a tab of its own. */
export async function sessionOn(browser: Browser, origin: string, name: string): Promise<string | null | undefined> {
  const page = await browser.open(addressOf(`${origin}/`, { name }));
  const session = await loadedOn(page);
  await page.close();
  return session;
}

/** A session of another shop, which the hub has from then on. The tab is closed. */
export async function saveOn(browser: Browser, origin: string, name: string, session: string): Promise<void> {
  const { page } = await chatOnPage(browser, `${origin}/`, session, { name });
  await page.close();
}

type Calls = "loadCookie" | "saveCookie" | "clearCookie" | "cookieTest";

/** What the provider answers to a call, or "late", if a timer of the page that is set after it comes first. */
export function answerTo(page: Page, call: Calls, patienceMs = PATIENCE_MS): Promise<unknown> {
  return page.eval(
    (call, ms) => {
      const answer: Promise<unknown> = provider[call]();
      return Promise.race([answer, new Promise((resolve) => setTimeout(() => setTimeout(resolve, ms, "late")))]);
    },
    call,
    patienceMs,
  );
}

/** Waits until the page was told of a session by its `session` event. */
export async function hears(page: Page, session: string | null): Promise<void> {
  const told = () => page.eval(() => events.filter(({ type }) => type === "session").map(({ detail }) => detail));
  await poll(async () => (await told()).some((detail) => isOf(detail, session)), {
    what: `a session event with ${session}`,
  });
}

function isOf(detail: unknown, session: string | null): boolean {
  return typeof detail === "object" && detail !== null && "value" in detail && detail.value === session;
}

/** Clicks a new link of the page. */
export async function clickOver(page: Page, href: string): Promise<void> {
  await page.eval((href) => {
    document.body.prepend(Object.assign(document.createElement("a"), { id: "over", href, textContent: "Over" }));
  }, href);
  await page.click("#over");
}

/** Clicks a new link to another shop's page, and resolves with the session that it loads there. */
export async function follow(page: Page, href: string): Promise<string | null | undefined> {
  await linksCarry(page);
  await clickOver(page, href);
  return arrived(page, new URL(href).origin);
}
