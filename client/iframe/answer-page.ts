import { type HubCookie, decodeHubCookie } from "../../protocol/hub-cookie.ts";
import {
  type Connect,
  type FrameContent,
  type FrameMessage,
  type PageRequest,
  UNASKED,
  isPageRequest,
} from "../../protocol/messages.ts";
import type { CountOutcome } from "../../protocol/outcomes.ts";
import { isBase } from "../../session/base.ts";
import { type Effect, type FrameEvent, INITIAL_STATE, type LoadRequest, step } from "../../session/frame.ts";
import type { Remote } from "../../session/reconcile.ts";
import type { AccessStatus } from "./access-status.ts";
import type { CreateAsking } from "./asking.ts";
import { readCookie } from "./cookie-jar.ts";
import type { Handoff } from "./handoff.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";

export type Connection = {
  readonly port: MessagePort;
  readonly connect: Connect;
  /** The session cookie's name on the hub. */
  readonly cookieName: string;
  /** The visitor came to the page from another trusted domain: there may be a chat to continue. */
  readonly comesFromTrusted: boolean;
  readonly writer: HubCookieWriter;
  /** None where links do not carry sessions. */
  readonly handoff: Handoff | undefined;
  /** Origins to which they do. */
  readonly links: string;
  /** What the domain of the page's session cookie must end in. */
  readonly scope: string;
  readonly countOutcome: CountOutcome | undefined;
  readonly createAsking: CreateAsking | undefined;
  readonly firstAccess: Promise<AccessStatus>;
  readonly findAccess: () => Promise<AccessStatus>;
};

/** WebKit may need a moment before a cookie that was written can be read; a chat does not wait for that. */
const SECOND_LOOK_MS = 200;

const NOT_ASKED_YET: AccessStatus = { access: "blocked", reason: "The browser has not been asked yet." };

/**
 * Answers one page's requests, and says unasked when something has changed. It gathers what session/frame.ts decides by, and does
 * what that says.
 */
export function answerPage(connection: Connection): void {
  const { port, connect, cookieName, comesFromTrusted, writer, handoff, links, scope, countOutcome } = connection;
  /** The first finding serves the first request; from then on the browser is asked each time. */
  let firstAccess: Promise<AccessStatus> | undefined = connection.firstAccess;
  let status = NOT_ASKED_YET;
  let state = INITIAL_STATE;
  /** The session that the page's link has brought. */
  let redeemed: Promise<string> | undefined;

  const asking = connection.createAsking?.({
    connect,
    waiting: () => state.waiting,
    onResize: (height) => send(UNASKED, { type: "card", height }),
    hasAccess,
    countOutcome,
    onAccess: () => send(UNASKED, { type: "changed" }),
    onHubCookie(text) {
      countOutcome?.("popup");
      dispatch({ type: "popup", evidence: decodeHubCookie(text ?? "") });
    },
  });

  port.onmessage = ({ data }) => {
    if (isPageRequest(data) && isBase(data.base)) void answer(data);
  };

  // Another tab, or another site, may have changed the session. Nothing is polled.
  const look = () => {
    if (isGranted()) dispatch({ type: "look", evidence: readHubCookie() });
  };
  document.addEventListener("visibilitychange", look);
  if ("cookieStore" in window) window.cookieStore.addEventListener("change", look);

  function send(id: number, content: FrameContent, failure?: string): void {
    const { access, reason } = status;
    port.postMessage({ ...content, id, access, reason: failure ?? reason, links, scope } satisfies FrameMessage);
  }

  function dispatch(event: FrameEvent): void {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) run(effect);
  }

  function run(effect: Effect): void {
    switch (effect.type) {
      case "send":
        return send(effect.id, effect.content, effect.failure);
      case "write":
        return void write(effect.session || null, effect.older);
      case "offer":
        if (connect.card === "auto" && (effect.purpose === "save" || comesFromTrusted))
          asking?.offer(effect.purpose, status);
        return;
      case "adopted":
        return countOutcome?.("handoff");
    }
  }

  async function answer(request: PageRequest): Promise<void> {
    switch (request.type) {
      case "load":
        return load(request);
      case "save":
      case "clear":
      case "repair":
        return dispatch({ type: "asked", request, evidence: await gather() });
      case "card":
        await hasAccess();
        showCard(request.show);
        return confirm(request);
      case "mint": {
        const [code] = await Promise.all([handoff?.mint(request.session, request.to), hasAccess()]);
        return confirm(request, code);
      }
      case "test":
        await hasAccess();
        return confirm(request);
    }
  }

  function confirm({ id, base }: PageRequest, code = ""): void {
    send(id, { type: "answered", done: isGranted(), saved: false, base, code });
  }

  async function hasAccess(): Promise<boolean> {
    // It is not taken back while the document lives, and every write is read back.
    if (isGranted()) return true;
    const isFirst = firstAccess !== undefined;
    status = await (firstAccess ?? connection.findAccess());
    firstAccess = undefined;
    if (isFirst) countOutcome?.(isGranted() ? "granted" : "withheld");
    if (isFirst && !isGranted()) setTimeout(findAgain, SECOND_LOOK_MS);
    return isGranted();
  }

  async function findAgain(): Promise<void> {
    if (await hasAccess()) send(UNASKED, { type: "changed" });
  }

  function isGranted(): boolean {
    return status.access === "granted";
  }

  /** Without access the cookies are other ones: what they hold was never shared, and is nobody's session. */
  async function gather(): Promise<Remote> {
    return (await hasAccess()) ? readHubCookie() : { kind: "unknown" };
  }

  function readHubCookie(): HubCookie {
    return decodeHubCookie(readCookie(cookieName));
  }

  async function load(request: LoadRequest): Promise<void> {
    const { codes } = request;
    // Codes are good for once, and the page may have to ask again.
    if (codes) redeemed ??= handoff?.redeem(request);
    const [brought = "", evidence] = await Promise.all([codes ? redeemed : "", gather()]);
    dispatch({ type: "load", request, brought, evidence });
  }

  function showCard(show: boolean): void {
    if (!show) asking?.withdraw();
    else if (!isGranted()) asking?.offer(state.waiting ? "save" : "continue", status);
  }

  /** @param session `null` leaves a tombstone */
  async function write(session: string | null, older: string): Promise<void> {
    let failure: string | undefined;
    try {
      await writer(cookieName, connect.name, session, older);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    dispatch({ type: "written", evidence: await gather(), failure });
  }
}
