/**
 * Watches the world and knows what must not happen in it. It sees what a visitor and a server could see: cookies, answers of the
 * public API, requests to documented URLs. README.md says what each check means, and why it asks no more.
 */
import type { Browser, Observer, SentRequest } from "../world/browser.ts";
import type { SimulatedDocument } from "../world/browsing-context.ts";
import { visibleCookies } from "../world/document-cookie.ts";
import { siteOf } from "../world/sites.ts";
import { hasUnpartitionedCookies } from "../world/storage-access.ts";
import { COOKIE_NAME, OTHER_TENANT, STRANGER, TENANT } from "../visitor/spec.ts";
import { type Chats, createChats, mentionsSession } from "./chats.ts";
import { type HubHistory, TOMBSTONE, createHubHistory } from "./hub-history.ts";
import type { Rule, Violation } from "./violation.ts";

/** What a site has learned, and its pages may be expected to remember. */
type Knowledge = {
  /** Sessions that it has exchanged with the hub. */
  readonly exchanged: Set<string>;
  /** Sessions that a link has brought to it, or taken from it. */
  readonly handed: Set<string>;
};

export type Oracle = {
  readonly observer: Observer;
  readonly chats: Chats;
  readonly hub: HubHistory;
  readonly violation: () => Violation | undefined;
  readonly fail: (rule: Rule, what: string) => void;
  /** To be called once the browser is there. */
  readonly watch: (browser: Browser) => void;
  /** A page is about to run its scripts. */
  readonly beginPage: (document: SimulatedDocument) => void;
  /** What the pages show now was written by themselves. */
  readonly acceptPages: () => void;
  /** Checks what our scripts have done to the pages in the last step. */
  readonly checkPages: () => void;
  readonly knowledgeOf: (site: string) => Knowledge;
  readonly forget: (site: string) => void;
  /** The page has called `clearCookie`. */
  readonly clearCalled: (document: SimulatedDocument) => void;
};

/** @param note adds to the trace */
export function createOracle(step: () => number, note: (text: string) => void): Oracle {
  const chats = createChats();
  const hub = createHubHistory();
  const sites = new Map<string, Knowledge>();
  const shown = new Map<SimulatedDocument, string>();
  const clearing = new Set<SimulatedDocument>();
  let browser: Browser | undefined;
  let revision = -1;
  let violation: Violation | undefined;

  function fail(rule: Rule, what: string): void {
    violation ??= { rule, what };
    note(`✗ ${rule}: ${what}`);
  }

  function knowledgeOf(site: string): Knowledge {
    const known = sites.get(site) ?? { exchanged: new Set(), handed: new Set() };
    sites.set(site, known);
    return known;
  }

  function eachPage(visit: (document: SimulatedDocument, before: string | undefined, now: string) => void): void {
    if (!browser || browser.jar.revision() === revision) return;
    revision = browser.jar.revision();
    for (const document of browser.documents) {
      if (document.context.embedder) continue;
      const now = localSession(browser, document);
      visit(document, shown.get(document), now);
      shown.set(document, now);
    }
  }

  function checkPages(): void {
    eachPage((document, before, now) => {
      if (before === undefined || before === now) return;
      note(`${document.url.hostname} shows ${now || "no session"} in place of ${before || "none"}`);
      checkReplacement(siteOf(document.url.hostname), before, now);
    });
  }

  /** Our scripts have replaced what the page showed. */
  function checkReplacement(site: string, before: string, now: string): void {
    const { exchanged, handed } = knowledgeOf(site);
    const isStranger = site === STRANGER;
    if (now !== "" && isStranger === mentionsSession(now)) return fail("I4b", `${site} shows another tenant's ${now}`);
    if (now === "") {
      const isDue = chats.isEnded(before) || hub.movedFrom(before, TOMBSTONE);
      return isDue || isStranger ? undefined : fail("I1a", `${site} loses ${before}, which is live`);
    }
    const wasKnown = exchanged.has(now) || handed.has(now);
    if (!handed.has(now)) exchanged.add(now);
    if (isStranger) return;
    if (chats.isEndedOn(now, site)) return fail("I2a", `${now} comes back to ${site}, where it was ended`);
    if (before === "" || chats.isOlder(before, now)) return;
    if (!hub.has(before) && !(handed.has(before) && handed.has(now))) {
      return fail("I1b", `${now} replaces ${before} on ${site}, which the hub has not seen yet`);
    }
    if (chats.isOlder(now, before) && wasKnown) {
      return fail("I1c", `${now} replaces ${before} on ${site}, which was written in its place`);
    }
    const isNewer = hub.movedFrom(before, now) || (handed.has(now) && !hub.movedFrom(now, before));
    if (!isNewer) fail("I1d", `${now} replaces ${before} on ${site}, which is newer on the hub`);
  }

  function onRequest(sender: SimulatedDocument, { method, url, body }: SentRequest): void {
    if (!browser || url.pathname !== `/t/${TENANT}/session/${COOKIE_NAME}`) return;
    if (!hasUnpartitionedCookies(browser, sender)) return;
    const site = sender.topLevelSite;
    const current = hub.current();
    if (method === "PUT" && body !== undefined) checkSave(site, body, current);
    const { embedder } = sender.context;
    const isSession = current !== "" && current !== TOMBSTONE;
    const isLive = isSession && !chats.isEnded(current) && !chats.isOlderThanEnded(current, site);
    if (method === "DELETE" && embedder && !clearing.has(embedder) && isLive) {
      fail("I1f", `${site} ends a chat late, and with it ${current}, which is live on the hub`);
    }
  }

  /** A save is about to be sent, by a frame that can see what the hub holds. */
  function checkSave(site: string, session: string, current: string): void {
    const { exchanged } = knowledgeOf(site);
    if (current === session || current === "" || chats.isOlder(current, session)) return;
    const isSuperseded = exchanged.has(current) && chats.isOlder(session, current);
    const isPassed = exchanged.has(session) && hub.movedFrom(session, current) && !hub.movedFrom(current, session);
    if (!isSuperseded && !isPassed) return;
    if (current !== TOMBSTONE) fail("I1e", `${site} saves ${session} over ${current}, which is newer`);
    else if (chats.isEnded(session)) fail("I2b", `${site} saves ${session}, which has ended, over the tombstone`);
  }

  function onMessage(receiver: SimulatedDocument, data: unknown): void {
    const isOthers = receiver.topLevelSite === STRANGER || receiver.url.pathname.startsWith(`/t/${OTHER_TENANT}/`);
    if (isOthers && mentionsSession(JSON.stringify(data) ?? ""))
      fail("I4a", "a message to another tenant has a session");
  }

  return {
    observer: { onMessage, onRequest },
    chats,
    hub: { ...hub, record: recordHub },
    violation: () => violation,
    fail,
    watch: (watched) => (browser = watched),
    beginPage(document) {
      if (browser) shown.set(document, localSession(browser, document));
    },
    acceptPages: () => eachPage(() => {}),
    checkPages,
    knowledgeOf,
    forget(site) {
      sites.delete(site);
      chats.forget(site);
    },
    clearCalled: (document) => clearing.add(document),
  };

  function recordHub(value: string): void {
    hub.record(value, step());
    note(`the hub holds ${hub.current() || "nothing"}`);
  }
}

/** The page's session: of all cookies of the name that it sees, the one that was written last. */
export function localSession(browser: Browser, document: SimulatedDocument): string {
  const own = sessionCookies(browser, document);
  return own.toSorted((one, other) => other.writtenAt - one.writtenAt)[0]?.value ?? "";
}

export function sessionCookies(browser: Browser, document: SimulatedDocument) {
  return visibleCookies(browser, document).filter(({ name }) => name === COOKIE_NAME);
}
