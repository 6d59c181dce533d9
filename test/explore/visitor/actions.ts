/**
 * What a visitor does, in words:
 *
 *   open <host>          goes to a page by its address in a new tab, or by a link that nobody decorates
 *   follow <host>        goes there by a link, which the page decorates first
 *   start [<scope>]      begins a chat: the page writes its session cookie, and saves it
 *   rotate [<scope>]     the chat gets a new session
 *   write [<scope>]      begins a chat that the page does not get round to saving
 *   save, load           the page saves, or loads, again
 *   end                  ends the chat
 *   reload, close        the page, the tab
 *   reload frame         the hub's frame alone
 *   grant                gives the hub's frame storage access, which it takes up by reloading itself
 *   remove frames        a script of the page takes the hub's frame away, as one that replaces the document does
 *   focus                comes back to the tab
 *   wipe storage <site>, wipe cookies <site>
 *   wait <seconds>
 *   kv down, kv up, handoffs down, handoffs up   are the operator's
 *
 * A scope, that of the site if none is named, is how the page's own script writes the cookie: `domain` (the whole site), `host`, or `page` (this host and path).
 */
import type { Calls } from "../check/calls.ts";
import { type Oracle, localSession, sessionCookies } from "../check/oracle.ts";
import type { Outages } from "../hub/environment.ts";
import type { Browser } from "../world/browser.ts";
import type { BrowsingContext, SimulatedDocument } from "../world/browsing-context.ts";
import { ContainerDouble } from "../world/elements.ts";
import { MUTATION } from "../world/globals.ts";
import { siteOf } from "../world/sites.ts";
import type { Pages, Provider } from "./pages.ts";
import { COOKIE_NAME, STRANGER, type Spec } from "./spec.ts";

export type Stage = {
  readonly browser: Browser;
  readonly oracle: Oracle;
  readonly calls: Calls;
  readonly pages: Pages;
  readonly outages: Outages;
  readonly scopes: NonNullable<Spec["scopes"]>;
  /** The links with a code that were followed, in order. */
  readonly followed: Followed[];
};

export type Followed = { readonly host: string; readonly session: string };

/** Where a visitor acts: a page with the hub's script. */
type Here = { readonly document: SimulatedDocument; readonly provider: Provider };

const NEEDS_PAGE = new Set([
  "follow",
  "start",
  "rotate",
  "write",
  "save",
  "load",
  "end",
  "reload",
  "grant",
  "remove",
  "focus",
]);

/** Does one thing in a tab; nothing where there is no page to do it on. */
export function act(stage: Stage, tab: BrowsingContext, action: string): void {
  const [verb = "", ...words] = action.split(" ");
  if (!NEEDS_PAGE.has(verb)) return actAnywhere(stage, tab, verb, words);
  const { document } = tab;
  const provider = document && stage.pages.providerOf(document);
  if (document && provider) actOnPage(stage, { document, provider }, verb, words);
}

function actAnywhere(stage: Stage, tab: BrowsingContext, verb: string, [what = "", which = ""]: string[]): void {
  const { browser, oracle, outages } = stage;
  switch (`${verb} ${what}`) {
    case "wipe storage":
      return browser.storages.wipe(which);
    case "wipe cookies":
      browser.jar.wipe(which);
      oracle.forget(which);
      return oracle.acceptPages();
    case "kv down":
    case "kv up":
      outages.kv = what === "down";
      return;
    case "handoffs down":
    case "handoffs up":
      outages.handoffs = what === "down";
      return;
    case "close ":
      return browser.close(tab);
  }
  if (verb === "open") return browser.navigate(tab, pageUrl(what), referrerOf(tab));
  throw new Error(`No visitor knows how to "${verb} ${what}".`);
}

function actOnPage(stage: Stage, here: Here, verb: string, [what = ""]: string[]): void {
  const { browser, calls } = stage;
  const { document, provider } = here;
  const session = localSession(browser, document);
  switch (verb) {
    case "start":
      write(stage, document, startChat(stage, document, session), what);
      return save(stage, here);
    case "write":
      return write(stage, document, startChat(stage, document, session), what);
    case "rotate":
      // The chat's server refuses where it has ended.
      if (session === "" || stage.oracle.chats.isEnded(session)) return;
      write(stage, document, stage.oracle.chats.rotate(session), what);
      return save(stage, here);
    case "save":
      return save(stage, here);
    case "load":
      return void calls.make(document, "loadCookie", () => provider.loadCookie());
    case "end":
      return end(stage, here);
    case "follow":
      return void follow(stage, here, pageUrl(what));
    case "focus":
      return focus(document);
    case "reload":
      if (what !== "frame") return browser.navigate(document.context, document.url, document.referrer);
      return reloadFrames(browser, document);
    case "grant":
      for (const { document: frame } of document.frames) if (frame) frame.hasStorageAccess = true;
      return reloadFrames(browser, document);
    case "remove":
      return removeFrames(document);
  }
}

function reloadFrames(browser: Browser, { frames }: SimulatedDocument): void {
  for (const frame of frames) if (frame.document) browser.navigate(frame, frame.document.url, "");
}

function removeFrames(document: SimulatedDocument): void {
  for (const name of ["documentElement", "body"]) {
    const parent: unknown = Reflect.get(document.document, name);
    if (parent instanceof ContainerDouble) for (const element of parent.children) element.remove();
  }
  document.window.dispatchEvent({ type: MUTATION });
}

function startChat({ oracle }: Stage, document: SimulatedDocument, session: string): string {
  return oracle.chats.start(session, document.url.hostname === STRANGER);
}

function save({ calls }: Stage, { document, provider }: Here): void {
  void calls.make(document, "saveCookie", () => provider.saveCookie());
}

/** All that the page shows is ended: another host of the site may have written beside its own. */
function end({ browser, oracle, calls }: Stage, { document, provider }: Here): void {
  const shown = sessionCookies(browser, document);
  if (shown.length === 0) return;
  for (const { value } of shown) oracle.chats.end(value, siteOf(document.url.hostname));
  oracle.clearCalled(document);
  void calls.make(document, "clearCookie", () => provider.clearCookie());
}

/** The page's own script writes the cookie, as the chat of that page does. */
function write(stage: Stage, document: SimulatedDocument, session: string, named: string): void {
  const { browser, oracle, scopes } = stage;
  const { hostname } = document.url;
  const scope = named || (scopes[siteOf(hostname)] ?? "host");
  const attributes = { host: "; Path=/", page: "", domain: `; Path=/; Domain=${siteOf(hostname)}` }[scope];
  if (attributes === undefined) throw new Error(`No cookie is written for a ${scope}.`);
  const own = { host: hostname, path: document.url.pathname, partition: "", isCrossSite: false };
  browser.jar.write(own, `${COOKIE_NAME}=${session}${attributes}; Secure`);
  oracle.acceptPages();
}

async function follow(stage: Stage, { document, provider }: Here, to: URL): Promise<void> {
  const { browser, calls, oracle } = stage;
  const decorated = new URL(await calls.make(document, "decorate", () => provider.decorate(to.href)));
  if (!document.isAlive) return;
  if (decorated.hash !== "") {
    const session = oracle.mintedFor(document, to.origin);
    stage.followed.push({ host: to.hostname, session });
    for (const { hostname } of [to, document.url]) oracle.knowledgeOf(siteOf(hostname)).handed.add(session);
  }
  browser.navigate(document.context, decorated, `${document.url.origin}/`);
}

/** The tab was in the background, and is looked at again. */
function focus(document: SimulatedDocument): void {
  for (const { document: frame } of document.frames) frame?.document.dispatchEvent({ type: "visibilitychange" });
  document.document.dispatchEvent({ type: "visibilitychange" });
}

/** Below the root, so that a cookie can be written for the page's own path. */
function pageUrl(host: string): URL {
  return new URL(`https://${host}/shop/page`);
}

/** As browsers have it by default: for another origin, that of the page that is left. */
function referrerOf({ document }: BrowsingContext): string {
  return document ? `${document.url.origin}/` : "";
}
