import type { CookieProviderStatus } from "../../client/cookie-provider.d.ts";
import { digestOf } from "../../protocol/digest.ts";
import { type Browser, HUB_ORIGIN, type Page, type SmallWorld, shopPage } from "./harness/index.ts";

export const IFRAME_URL = `${HUB_ORIGIN}/t/acme/iframe.html`;

/** What a shop's page here keeps for tests to read. */
declare global {
  var provider: import("../../client/cookie-provider.d.ts").CookieProvider;
  var events: { type: string; detail: unknown }[];
  var notifications: boolean[];
}

export type ShopOptions = {
  /** Name of the session cookie. Each test has its own, so that tests share a browser without sharing sessions. */
  readonly name: string;
  readonly iframeUrl?: string;
  readonly options?: object;
  readonly path?: string;
};

/**
 * Every address of these hosts is a shop that includes the provider as an integrator would, in its `<head>`.
 *
 * @param then what the page does with it at once
 */
export function serveShops(
  world: SmallWorld,
  hosts: readonly string[],
  headers: Record<string, string> = {},
  then = "",
): void {
  const head = `
    <script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>
    <script>
      const { name, iframeUrl, options } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
      events = [];
      notifications = [];
      provider = new CookieProvider(name, iframeUrl, (isEnabled) => notifications.push(isEnabled), options);
      for (const type of ["status", "session", "saved"]) {
        provider.addEventListener(type, ({ detail }) => events.push({ type, detail }));
      }
      ${then}
    </script>`;
  for (const host of hosts) world.sites.serve(host, "/*", shopPage({ title: host, head, headers }));
}

export function openShop(browser: Browser, origin: string, shop: ShopOptions): Promise<Page> {
  return browser.open(shopUrl(origin, shop));
}

/** Closes every tab but the first. */
export async function closeTabs(browser: Browser): Promise<void> {
  await Promise.all(
    browser
      .pages()
      .slice(1)
      .map((page) => page.close()),
  );
}

export function shopUrl(origin: string, { path = "/", ...shop }: ShopOptions): string {
  return `${origin}${path}#${encodeURIComponent(JSON.stringify({ iframeUrl: IFRAME_URL, ...shop }))}`;
}

let lastName = 0;

export function uniqueName(): string {
  return `session-${++lastName}`;
}

/** The page's own chat begins: it writes its session cookie for the registrable domain, as Genesys Widgets does. */
export function startChat(page: Page, name: string, value: string): Promise<void> {
  return page.eval(
    (name, value) => {
      const domain = location.hostname.split(".").slice(-2).join(".");
      document.cookie = `${name}=${value}; Path=/; Domain=${domain}; Secure; SameSite=Lax`;
    },
    name,
    value,
  );
}

/** The name of the cookie in which the site of a page keeps its base (session/base.ts). */
export function baseCookieName(name: string, iframeUrl = IFRAME_URL): string {
  return `carryover~${digestOf(iframeUrl + name)}`;
}

/** Takes away every cookie that the page can see, with what its site remembers: as if it were in another browser. */
export function forgetSite(page: Page): Promise<void> {
  return page.eval(() => {
    const domain = location.hostname.split(".").slice(-2).join(".");
    for (const cookie of document.cookie.split("; ")) {
      const gone = `${cookie.split("=")[0]}=; Path=/; Secure; Max-Age=0`;
      document.cookie = gone;
      document.cookie = `${gone}; Domain=${domain}`;
    }
  });
}

/** The hub cookie of a chat that was ended, when the hub had nothing before it. */
export function tombstoneOf(session: string): RegExp {
  return new RegExp(`^:\\d{10}:${digestOf(session)}$`);
}

/** Every visible cookie of the name, as `document.cookie` shows it. */
export function visibleSessions(page: Page, name: string): Promise<string[]> {
  return page.eval(
    (name) =>
      document.cookie
        .split("; ")
        .filter((cookie) => cookie.startsWith(`${name}=`))
        .map((cookie) => cookie.slice(name.length + 1)),
    name,
  );
}

export function load(page: Page): Promise<string | null> {
  return page.eval(() => provider.loadCookie());
}

export function save(page: Page): Promise<boolean> {
  return page.eval(() => provider.saveCookie());
}

export function clear(page: Page): Promise<boolean> {
  return page.eval(() => provider.clearCookie());
}

export function testCookies(page: Page): Promise<boolean> {
  return page.eval(() => provider.cookieTest());
}

export function status(page: Page): Promise<CookieProviderStatus> {
  return page.eval(() => provider.status);
}

/** What the page's console has had from Carryover. */
export function warnings(page: Page): string[] {
  return page.consoleMessages
    .filter(({ text }) => text.startsWith("Carryover"))
    .map(({ type, text }) => `${type}: ${text}`);
}
