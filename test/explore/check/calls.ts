/** Calls of the public API: what was asked, when the answer is due, and what it must mean. */
import type { Browser } from "../world/browser.ts";
import { type SimulatedDocument, labelOf } from "../world/browsing-context.ts";
import { siteOf } from "../world/sites.ts";
import { hasUnpartitionedCookies } from "../world/storage-access.ts";
import type { Pages } from "../visitor/pages.ts";
import { STRANGER, type Spec } from "../visitor/spec.ts";
import { TOMBSTONE } from "./hub-history.ts";
import { type Oracle, localSession, sessionCookies } from "./oracle.ts";

export type Method = "loadCookie" | "saveCookie" | "clearCookie" | "decorate";

type Call = {
  readonly document: SimulatedDocument;
  readonly method: Method;
  readonly startedAtMs: number;
  readonly dueAtMs: number;
  readonly startedAtStep: number;
  /** The page's session when it was made. */
  readonly session: string;
  /** What the hub held then. */
  readonly held: string;
};

export type Calls = {
  readonly make: <Answer>(document: SimulatedDocument, method: Method, call: () => Promise<Answer>) => Promise<Answer>;
  /** Checks that none is late. */
  readonly check: () => void;
  /** Whether a page could not tell the hub what it was to tell it: it was left too early, or had no access. */
  readonly wasCutOff: () => boolean;
};

/** What may keep a call from what it is to do. */
const HINDRANCE = /down|wipe|write|reload frame|grant/;

/** `timeoutMs` of the pages, as the provider has it by default. */
export const TIMEOUT_MS = 5000;
const DECORATE_MS = 300;

/** Timers that coincide may fire one after the other. */
const GRACE_MS = 1;

export function createCalls(
  { faults, tabs }: Spec,
  browser: Browser,
  oracle: Oracle,
  pages: Pages,
  note: (text: string) => void,
): Calls {
  const isHindered = faults > 0 || tabs.flat().some((action) => HINDRANCE.test(action));
  const { scheduler } = browser;
  const open = new Set<Call>();
  let isCutOff = false;

  async function make<Answer>(
    document: SimulatedDocument,
    method: Method,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    const startedAtMs = scheduler.now();
    const made: Call = {
      document,
      method,
      startedAtMs,
      dueAtMs: startedAtMs + (method === "decorate" ? DECORATE_MS : TIMEOUT_MS) + GRACE_MS,
      startedAtStep: scheduler.step(),
      session: localSession(browser, document),
      held: oracle.hub.current(),
    };
    open.add(made);
    const answer = await call();
    open.delete(made);
    note(`${method}() of ${labelOf(document)} answers ${JSON.stringify(answer)}`);
    if (document.isAlive) checkAnswer(made, answer);
    return answer;
  }

  function checkAnswer(call: Call, answer: unknown): void {
    const { document, method, session, startedAtStep, startedAtMs } = call;
    const now = localSession(browser, document);
    // The history is that of the tenant which is explored.
    const isStranger = document.url.hostname === STRANGER;
    if (method === "saveCookie" && answer === true && !isStranger) {
      const isHeld = [session, now].some((one) => one !== "" && oracle.hub.heldSince(one, startedAtStep));
      if (!isHeld) oracle.fail("I7a", `saveCookie() says that ${session} is saved, and the hub has not held it since`);
      oracle.knowledgeOf(siteOf(document.url.hostname)).exchanged.add(now);
    }
    const isTimely = scheduler.now() < startedAtMs + TIMEOUT_MS;
    const visible = sessionCookies(browser, document).length;
    if (method === "loadCookie" && isTimely && visible > 1) {
      oracle.fail("I7b", `after loadCookie() ${document.url.hostname} sees ${visible} cookies of the name`);
    }
    if ((method === "saveCookie" || method === "clearCookie") && answer === false && !hasAccess(document))
      isCutOff = true;
    if (!isStranger) checkSuccess(call, answer, now);
  }

  function hasAccess({ frames }: SimulatedDocument): boolean {
    return [...frames].some(({ document }) => document && hasUnpartitionedCookies(browser, document));
  }

  /** What a page may count on where nothing is in the way: access, no fault, nothing late. */
  function checkSuccess({ document, method, session, held, startedAtMs }: Call, answer: unknown, now: string): void {
    const frame = [...document.frames][0]?.document;
    if (isHindered || scheduler.wasSlow() || scheduler.wasLate()) return;
    if (method !== "decorate" && scheduler.now() >= startedAtMs + TIMEOUT_MS) {
      oracle.fail("I3c", `${method}() of ${labelOf(document)} has had no answer from the hub's frame`);
    }
    if (!frame || !hasUnpartitionedCookies(browser, frame)) return;
    // A cookie that is late cannot be told from one that is blocked, unless the browser has said that there is access.
    if (browser.engine.writesLate && !browser.engine.hasStorageAccess) return;
    const { hostname } = document.url;
    const access = pages.providerOf(document)?.status.access;
    if (method === "loadCookie" && access !== "granted") oracle.fail("I7e", `${hostname} is told "${access}"`);
    if (oracle.hub.current() !== held) return;
    if (method === "saveCookie" && answer === false && held === "" && session !== "" && session === now) {
      oracle.fail("I7c", `saveCookie() of ${hostname} does not save ${session}, and the hub holds nothing`);
    }
    const isLive = held !== "" && held !== TOMBSTONE && !oracle.chats.isEnded(held);
    if (
      method === "loadCookie" &&
      answer === null &&
      isLive &&
      !oracle.chats.isOlderThanEnded(held, siteOf(hostname))
    ) {
      oracle.fail("I7d", `loadCookie() of ${hostname} brings nothing, and the hub holds ${held}`);
    }
  }

  function check(): void {
    for (const call of open) {
      if (!call.document.isAlive) {
        open.delete(call);
        isCutOff ||= call.method === "saveCookie" || call.method === "clearCookie";
      } else if (scheduler.now() > call.dueAtMs) {
        open.delete(call);
        oracle.fail("I3a", `${call.method}() of ${labelOf(call.document)} has not answered in time`);
      } else if (call.method === "loadCookie" && call.document === oracle.greeted()) {
        oracle.fail("I3b", `loadCookie() of ${labelOf(call.document)} waits, and hello has brought its session`);
      }
    }
  }

  return { make, check, wasCutOff: () => isCutOff };
}
