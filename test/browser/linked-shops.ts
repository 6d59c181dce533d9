import { LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import type { Browser, Engine, Page, SmallWorld, Wish } from "./harness/index.ts";
import { HUB_ORIGIN, SHOP_A, poll, shopPage } from "./harness/index.ts";
import { IFRAME_URL, startChat, uniqueName } from "./shop.ts";

/** Third-party cookies blocked, and nobody who answers a prompt: what a link must do without, in every engine. */
export const BLOCKED: Readonly<Record<Engine, Wish>> = {
  chromium: { engine: "chromium", policy: "block" },
  firefox: { engine: "firefox", policy: "block" },
  webkit: { engine: "webkit", policy: "block" },
};

/** What a linked shop's page keeps for tests to read. */
declare global {
  var carried: string | null | undefined;
  /** The address as a script that comes after Carryover's sees it. */
  var analytics: string;
  var errors: string[];
}

/**
 * Runs in a page, and makes its links wait longer for their codes. A visitor's link waits 300 ms, and then rightly goes without the
 * chat. Here hub, browsers and tests share one small machine, on which a code is sometimes later than that.
 */
export function waitLonger(patienceMs: number): void {
  const { setTimeout } = window;
  // The checks in between, too. In WebKit a timer of more than a second is no longer the visitor's doing.
  const stretched = (run: TimerHandler, ms = 0, ...rest: unknown[]) =>
    setTimeout(run, ms <= patienceMs ? ms * 5 : ms, ...rest);
  Object.assign(window, { setTimeout: stretched });
}

/** `waitLonger` for the `<head>` of a page. */
export const WAIT_LONGER = `<script>(${waitLonger.toString()})(${LINK_PATIENCE_MS})</script>`;

type Shop = { readonly name: string; readonly options?: object; readonly rest?: string };

/**
 * Shops that load the session as they should, and whose settings are in the query: the fragment is left to the links.
 *
 * @param include how the page includes the provider
 */
export function serveLinkedShops(
  world: SmallWorld,
  hosts: readonly string[],
  headers: Record<string, string> = {},
  include = `<script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>`,
): void {
  const head = `${WAIT_LONGER}<script>errors = []; addEventListener("error", ({ message }) => errors.push(message)); addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));</script>
    ${include}
    <script>analytics = location.href;</script>
    <style>:target { color: rgb(1, 2, 3) }</style>
    <script>
      const query = new URLSearchParams(location.search);
      events = [];
      provider = new CookieProvider(query.get("name") ?? "chat", "${IFRAME_URL}", undefined, JSON.parse(query.get("options") ?? "{}"));
      for (const type of ["status", "session", "saved"]) provider.addEventListener(type, ({ detail }) => events.push({ type, detail }));
      provider.loadCookie().then((session) => (carried = session));
    </script>`;
  const body = `<div id="room"></div><p id="section">A section</p>`;
  for (const host of hosts)
    world.sites.serve(host, "/*", ({ method, body: posted }) =>
      shopPage({ title: `${host} ${method} ${posted}`, head, body, headers }),
    );
}

export function linkedShop(origin: string, { name, options, rest = "" }: Shop): string {
  const query = new URLSearchParams({ name, ...(options && { options: JSON.stringify(options) }) });
  return `${origin}/?${query}${rest}`;
}

/** A visitor's chat on shop A, in a tab of its own, which links carry unless the page does not want that. */
export async function startOnA(
  browser: Browser,
  session: string,
  options?: { readonly handoff?: boolean },
): Promise<{ page: Page; name: string }> {
  const name = uniqueName();
  const page = await browser.open(linkedShop(SHOP_A, { name, ...(options && { options }) }));
  await loaded(page);
  await startChat(page, name, session);
  await page.eval(() => provider.saveCookie());
  if (options?.handoff !== false) await linksCarry(page);
  return { page, name };
}

/** Begins a chat on the page, as it is known to the page itself only, and waits until links carry it. */
export async function chatOn(page: Page, name: string, session: string): Promise<void> {
  await loaded(page);
  await startChat(page, name, session);
  await page.eval(() => provider.saveCookie());
  await linksCarry(page);
}

/** A visitor looks at the page for some seconds; a test asks. */
export async function linksCarry(page: Page): Promise<void> {
  const carries = () => {
    const to = `https://shop-${location.hostname === "shop-b.test" ? "a" : "b"}.test/`;
    return provider.decorate(to).then((url) => url !== to);
  };
  await poll(() => page.eval(carries), { what: "links that carry the session" });
}

export async function loaded(page: Page): Promise<string | null | undefined> {
  await page.waitFor(() => carried !== undefined);
  return page.eval(() => carried);
}

/** Waits for what must not happen. */
export function pause(page: Page, ms: number): Promise<void> {
  return page.eval((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ms);
}

/** Puts HTML with something that leads on into the page. */
export function putHtml(page: Page, html: string): Promise<void> {
  return page.eval((html) => {
    const room = document.getElementById("room");
    if (room) room.innerHTML = html;
  }, html);
}

/** Clicks a link with the id `over` to another origin, in this tab, and waits for the shop there to have loaded its session. */
export async function goOver(page: Page, href: string, attributes = ""): Promise<string | null | undefined> {
  await putHtml(page, `<a id="over" href="${href.replaceAll("&", "&amp;")}" ${attributes}>Our other shop</a>`);
  await page.click("#over");
  return arrived(page, new URL(href).origin);
}

export async function arrived(page: Page, origin: string): Promise<string | null | undefined> {
  await poll(
    () => page.eval((origin) => location.origin === origin && carried !== undefined, origin).catch(() => false),
    {
      what: `the session at ${origin}`,
      timeoutMs: 15_000,
    },
  );
  return page.eval(() => carried);
}

/** The page's session cookie. */
export function sessionOf(page: Page, name: string): Promise<string | undefined> {
  return page.eval((name) => new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie)?.[1], name);
}

/** Redeems a code of shop A's, as anyone could who has found it, and can say where it comes from. @returns the status of the answer */
export async function redeemFromHub(browser: Browser, code: string, name: string, to: string): Promise<number> {
  const hub = await browser.open(`${HUB_ORIGIN}/t/acme/continue`);
  return hub.eval(
    (code, name, to, referrer) =>
      fetch("/t/acme/handoff/redeem", {
        method: "POST",
        body: JSON.stringify({ code, name, to, referrer }),
      }).then(({ status }) => status),
    code,
    name,
    to,
    SHOP_A,
  );
}
