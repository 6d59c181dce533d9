/**
 * Watches the world and knows what must not happen in it. It sees what a visitor and a server could see: cookies, answers of the
 * public API, requests to documented URLs. README.md says what each check means, and why it asks no more.
 */
import type { Browser, Observer, SentRequest } from "../world/browser.ts";
import type { SimulatedDocument } from "../world/browsing-context.ts";
import type { Cookie } from "../world/cookie-jar.ts";
import { visibleCookies } from "../world/document-cookie.ts";
import { hasUnpartitionedCookies } from "../world/storage-access.ts";
import { COOKIE_NAME, OTHER_TENANT, SECOND_COOKIE_NAME, STRANGER, TENANT } from "../visitor/spec.ts";
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
  /** The page to which, in the last step, a message to its window has brought a session: hello. */
  readonly greeted: () => SimulatedDocument | undefined;
  /** The page has heard that its session is saved. */
  readonly confirm: (document: SimulatedDocument) => void;
  readonly knowledgeOf: (site: string) => Knowledge;
  /** The session of which the page has last had a code made for links to that origin. */
  readonly mintedFor: (document: SimulatedDocument, origin: string) => string;
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
  /** All cookies of the name that a page saw. */
  const seen = new Map<SimulatedDocument, readonly string[]>();
  /** By site: what the hub held when a page ended its chat. That is meant to end with it. */
  const heldAtEnd = new Map<string, Set<string>>();
  const clearing = new Set<SimulatedDocument>();
  const minted = new Map<SimulatedDocument, Map<string, string>>();
  const learned: (() => void)[] = [];
  let browser: Browser | undefined;
  let revision = -1;
  /** Whose window has got a message in this step. */
  let addressed: SimulatedDocument | undefined;
  let greeted: SimulatedDocument | undefined;
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

  /** @param visit may say what the page shows, if that is not what was written last */
  function eachPage(
    visit: (document: SimulatedDocument, before: string | undefined, now: string) => string | void,
  ): void {
    if (!browser || browser.jar.revision() === revision) return;
    revision = browser.jar.revision();
    const seenNow: (readonly [SimulatedDocument, readonly string[]])[] = [];
    for (const document of browser.documents) {
      if (document.context.embedder) continue;
      const cookies = visibleCookies(browser, document);
      if (cookies.some(({ name, value }) => name === SECOND_COOKIE_NAME && value))
        fail("I4c", "a cookie without a chat");
      const own = cookies.filter(({ name }) => name === COOKIE_NAME);
      const now = newestOf(own);
      shown.set(document, visit(document, shown.get(document), now) ?? now);
      seenNow.push([document, own.map(({ value }) => value)]);
    }
    for (const [document, sessions] of seenNow) seen.set(document, sessions);
  }

  function checkPages(): void {
    greeted = undefined;
    eachPage((document, before, now) => {
      if (document === addressed && before === "" && now !== "") greeted = document;
      if (before === undefined || before === now) return now;
      // Another host of the site may write beside it. The page's script sorts that out, and nothing is lost yet.
      if (before !== "" && sessionsOf(document).includes(before)) return before;
      note(`${document.url.hostname} shows ${now || "no session"} in place of ${before || "none"}`);
      checkReplacement(document, before, now);
      return now;
    });
    addressed = undefined;
    for (const learn of learned.splice(0)) learn();
  }

  function sessionsOf(document: SimulatedDocument): readonly string[] {
    return browser ? sessionCookies(browser, document).map(({ value }) => value) : [];
  }

  /** Our scripts have replaced what the page showed. */
  function checkReplacement(document: SimulatedDocument, before: string, now: string): void {
    const site = document.topLevelSite;
    const { exchanged, handed } = knowledgeOf(site);
    const isStranger = site === STRANGER;
    if (now !== "" && isStranger === mentionsSession(now)) return fail("I4b", `${site} shows another tenant's ${now}`);
    if (now === "") {
      const isOver = [before, ...hub.heldAfter(before)].some((one) => one === TOMBSTONE || chats.isEnded(one));
      const isDue = isOver || isReplacedBeside(site, before);
      return isDue || isStranger ? undefined : fail("I1a", `${site} loses ${before}, which is live`);
    }
    const [knownNow, knownBefore] = [now, before].map((session) => [...exchanged].indexOf(session));
    const wasKnown = handed.has(now) || isEarlier(knownNow, knownBefore);
    // Of other pages of the site, that change in the same step, each has to answer for itself.
    if (!handed.has(now)) learned.push(() => exchanged.add(now));
    if (isStranger) return;
    if (chats.isEndedOn(now, site) && !seen.get(document)?.includes(now))
      return fail("I2a", `${now} comes back to ${site}, where it was ended`);
    if (before === "" || chats.isEnded(before) || chats.isOlder(before, now)) return;
    if (!hub.has(before) && !(handed.has(before) && handed.has(now))) {
      return fail("I1b", `${now} replaces ${before} on ${site}, which the hub has not seen yet`);
    }
    if (chats.isOlder(now, before) && wasKnown) {
      return fail("I1c", `${now} replaces ${before} on ${site}, which was written in its place`);
    }
    const isNewer =
      wasBeside(site, now) || hub.movedFrom(before, now) || (handed.has(now) && !hub.isPassed(now, before));
    if (!isNewer) fail("I1d", `${now} replaces ${before} on ${site}, which is newer on the hub`);
  }

  /** It was there already, in a cookie of another scope: on this page, or on another host of the site, whose script sees both. */
  function wasBeside(site: string, session: string): boolean {
    return [...seen].some(
      ([document, sessions]) => document.isAlive && document.topLevelSite === site && sessions.includes(session),
    );
  }

  /** Another host of the site has a newer session, in a cookie of its own: what is written is no wider than trust. */
  function isReplacedBeside(site: string, before: string): boolean {
    const isNewer = (session: string) =>
      chats.isOlder(before, session) || hub.movedFrom(before, session) || knowledgeOf(site).handed.has(session);
    /** Its script has seen both, and kept its own: that wins once the hub has it. */
    const isChosen = (document: SimulatedDocument, session: string) =>
      [before, session].every((one) => seen.get(document)?.includes(one)) && !hub.has(session);
    return [...(browser?.documents ?? [])].some(
      (document) =>
        document.topLevelSite === site &&
        sessionsOf(document).some((session) => session !== before && (isNewer(session) || isChosen(document, session))),
    );
  }

  /** @see protocol/handoff.ts */
  function noteMinting({ context: { embedder } }: SimulatedDocument, body: string): void {
    const { session, to } = JSON.parse(body) as { session: string; to: string };
    if (embedder) minted.set(embedder, (minted.get(embedder) ?? new Map<string, string>()).set(to, session));
  }

  function onRequest(sender: SimulatedDocument, { method, url, body }: SentRequest): void {
    if (url.pathname === `/t/${TENANT}/handoff` && body !== undefined) noteMinting(sender, body);
    if (!browser || url.pathname !== `/t/${TENANT}/session/${COOKIE_NAME}`) return;
    if (!hasUnpartitionedCookies(browser, sender)) return;
    const site = sender.topLevelSite;
    const current = hub.current();
    if (method === "PUT" && body !== undefined) {
      hub.send(body);
      checkSave(site, body, current);
    }
    if (method === "DELETE") hub.send(TOMBSTONE);
    const { embedder } = sender.context;
    const isSession = current !== "" && current !== TOMBSTONE;
    // A slow save can bring it back, after the hub had moved on to one that was ended.
    const isPast =
      hub.heldAfter(current).some((one) => chats.isEnded(one)) ||
      hub.ended().some((one) => chats.isOlder(current, one));
    const isMeant = heldAtEnd.get(site)?.has(current) === true;
    const isLive =
      isSession && !isPast && !isMeant && !chats.isEnded(current) && !chats.isOlderThanEnded(current, site);
    if (method === "DELETE" && embedder && !clearing.has(embedder) && isLive) {
      fail("I1f", `${site} ends a chat late, and with it ${current}, which is live on the hub`);
    }
  }

  /** A save is about to be sent, by a frame that can see what the hub holds. */
  function checkSave(site: string, session: string, current: string): void {
    const { exchanged } = knowledgeOf(site);
    if (current === session || current === "" || chats.isOlder(current, session)) return;
    // A slow request has brought back what was ended.
    if (chats.isEndedOn(current, site)) return;
    const isSuperseded = exchanged.has(current) && chats.isOlder(session, current);
    const isBehind = exchanged.has(session) && hub.isPassed(session, current) && !hub.movedFrom(current, session);
    if (!isSuperseded && !isBehind) return;
    if (current !== TOMBSTONE) fail("I1e", `${site} saves ${session} over ${current}, which is newer`);
    else if (chats.isEnded(session)) fail("I2b", `${site} saves ${session}, which has ended, over the tombstone`);
  }

  function onMessage(receiver: SimulatedDocument, data: unknown, to: "window" | "port"): void {
    if (to === "window") addressed = receiver;
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
      seen.set(document, sessionsOf(document));
    },
    acceptPages: () => eachPage(() => {}),
    checkPages,
    greeted: () => greeted,
    confirm(document) {
      const session = browser ? localSession(browser, document) : "";
      // It may have got another one since it asked.
      if (session !== "" && session === hub.current()) knowledgeOf(document.topLevelSite).exchanged.add(session);
    },
    knowledgeOf,
    mintedFor: (document, origin) => minted.get(document)?.get(origin) ?? "",
    forget(site) {
      sites.delete(site);
      chats.forget(site);
    },
    clearCalled(document) {
      clearing.add(document);
      heldAtEnd.set(
        document.topLevelSite,
        (heldAtEnd.get(document.topLevelSite) ?? new Set<string>()).add(hub.current()),
      );
    },
  };

  function recordHub(value: string): void {
    hub.record(value, step());
    note(`the hub holds ${hub.current() || "nothing"}`);
  }
}

/** The page's session: of all cookies of the name that it sees, the one that was written last. */
export function localSession(browser: Browser, document: SimulatedDocument): string {
  return newestOf(sessionCookies(browser, document));
}

/** @param one place in the order in which a site has learned of sessions; -1 for one that it has not heard of */
function isEarlier(one = -1, other = -1): boolean {
  return one >= 0 && (other < 0 || one < other);
}

function newestOf(cookies: readonly Cookie[]): string {
  return cookies.toSorted((one, other) => other.writtenAt - one.writtenAt)[0]?.value ?? "";
}

export function sessionCookies(browser: Browser, document: SimulatedDocument) {
  return visibleCookies(browser, document).filter(({ name }) => name === COOKIE_NAME);
}
