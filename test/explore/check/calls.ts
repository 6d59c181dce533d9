/** Calls of the public API: what was asked, when the answer is due, and what it must mean. */
import type { Browser } from "../world/browser.ts";
import { type SimulatedDocument, labelOf } from "../world/browsing-context.ts";
import { siteOf } from "../world/sites.ts";
import { STRANGER } from "../visitor/spec.ts";
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
};

export type Calls = {
  readonly make: <Answer>(document: SimulatedDocument, method: Method, call: () => Promise<Answer>) => Promise<Answer>;
  /** Checks that none is late. */
  readonly check: () => void;
};

/** `timeoutMs` of the pages, as the provider has it by default. */
export const TIMEOUT_MS = 5000;
const DECORATE_MS = 300;

/** Timers that coincide may fire one after the other. */
const GRACE_MS = 1;

export function createCalls(browser: Browser, oracle: Oracle, note: (text: string) => void): Calls {
  const { scheduler } = browser;
  const open = new Set<Call>();

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
    };
    open.add(made);
    const answer = await call();
    open.delete(made);
    note(`${method}() of ${labelOf(document)} answers ${JSON.stringify(answer)}`);
    if (document.isAlive) checkAnswer(made, answer);
    return answer;
  }

  function checkAnswer({ document, method, session, startedAtStep, startedAtMs }: Call, answer: unknown): void {
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
  }

  function check(): void {
    for (const call of open) {
      if (!call.document.isAlive) open.delete(call);
      else if (scheduler.now() > call.dueAtMs) {
        open.delete(call);
        oracle.fail("I3", `${call.method}() of ${labelOf(call.document)} has not answered in time`);
      }
    }
  }

  return { make, check };
}
