import { type AccessStatus, BLOCKED } from "../../protocol/access-status.ts";
import { type HubCookie, decodeHubCookie } from "../../protocol/hub-cookie.ts";
import {
  type Connect,
  type FrameContent,
  type FrameMessage,
  type PageRequest,
  UNASKED,
  isPageRequest,
} from "../../protocol/messages.ts";
import { type IframeConfig, linksOf } from "../../protocol/iframe-config.ts";
import { HANDOFF_PATH } from "../../protocol/routes.ts";
import { isTrustedOrigin, originOf, trustedScope } from "../../protocol/origins.ts";
import { isBase } from "../../session/base.ts";
import { type FrameEvent, INITIAL_STATE, step } from "../../session/frame.ts";
import type { Remote } from "../../session/reconcile.ts";
import type { Purpose } from "../card/ask-visitor.ts";
import type { Asking, CardModule } from "../card/card-module.ts";
import { hubCookiePrefix, readCookie } from "./cookie-jar.ts";
import { createOutcomeCount } from "./count-outcome.ts";
import { post, redeem } from "./handoff.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { findAccess } from "./storage-access.ts";

/** WebKit may need a moment before a cookie that was written can be read; a chat does not wait for that. */
const SECOND_LOOK_MS = 200;

/**
 * Answers one page's requests, and says unasked when something has changed. It gathers what session/frame.ts decides by, and does
 * what that says.
 *
 * @param firstFinding what the browser has said of access before anybody asked
 * @param origin of the page, a trusted one
 */
export function answerPage(
  config: IframeConfig,
  write: HubCookieWriter,
  firstFinding: Promise<AccessStatus>,
  port: MessagePort,
  origin: string,
  connect: Connect,
): void {
  const { tenant, trustedDomains, storageAccess, sampleRate, cardUrl, handoff } = config;
  const { name, card = "auto" } = connect;
  const prefix = hubCookiePrefix(tenant);
  const cookieName = prefix + name;
  const links = linksOf(config);
  const referrer = originOf(connect.referrer);
  const scope = trustedScope(origin, trustedDomains);
  const countOutcome = createOutcomeCount(sampleRate);
  /** The first finding serves the first request; from then on the browser is asked each time. */
  let firstAccess: Promise<AccessStatus> | undefined = firstFinding;
  let status = BLOCKED;
  let state = INITIAL_STATE;
  /** The session that the page's link has brought. */
  let redeemed: Promise<string> | undefined;
  /** There once the card was to be shown. */
  let asking: Promise<Asking> | undefined;

  port.onmessage = ({ data }) => {
    if (isPageRequest(data) && isBase(data.base)) void answer(data);
  };

  // Another tab, or another site, may have changed the session. Nothing is polled.
  const look = () => {
    if (isGranted()) dispatch({ type: "look", evidence: readHubCookie() });
  };
  document.addEventListener("visibilitychange", look);
  window.cookieStore?.addEventListener("change", look);

  function tell(content: FrameContent): void {
    send(UNASKED, content);
  }

  function send(id: number, content: FrameContent, failure?: string): void {
    const reason = failure ?? status.reason;
    port.postMessage({ ...content, id, ...status, reason, links, scope } satisfies FrameMessage);
  }

  function dispatch(event: FrameEvent): void {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) {
      switch (effect.type) {
        case "send":
          send(effect.id, effect.content, effect.failure);
          break;
        case "write":
          void save(effect.session || null, effect.older);
          break;
        case "offer":
          if (card === "auto" && (effect.purpose === "save" || comesFromTrusted())) void offer(effect.purpose);
          break;
        case "adopted":
          countOutcome("handoff");
      }
    }
  }

  /** From another domain that is trusted: there may be a chat to continue. */
  function comesFromTrusted(): boolean {
    return referrer !== origin && isTrustedOrigin(referrer, trustedDomains);
  }

  async function answer(request: PageRequest): Promise<void> {
    let code: string | Promise<string> = "";
    switch (request.type) {
      case "load": {
        // Codes are good for once, and the page may have to ask again.
        const brought =
          request.codes && handoff && (await (redeemed ??= redeem(request, tenant, name, origin, referrer)));
        return dispatch({ type: "load", request, brought: brought || "", evidence: await gather() });
      }
      case "save":
      case "clear":
      case "repair":
        return dispatch({ type: "asked", request, evidence: await gather() });
      case "mint":
        // Before the browser is asked: a link is waiting for it.
        code = post(HANDOFF_PATH, { name, session: request.session, from: origin, to: request.to });
    }
    await hasAccess();
    if (request.type === "card") showCard(request.show);
    send(request.id, { type: "answered", done: isGranted(), saved: false, base: request.base, code: await code });
  }

  async function hasAccess(): Promise<boolean> {
    // It is not taken back while the document lives, and every write is read back.
    if (isGranted()) return true;
    const isFirst = firstAccess !== undefined;
    status = await (firstAccess ?? findAccess(storageAccess, prefix));
    firstAccess = undefined;
    if (isFirst) {
      countOutcome(isGranted() ? "granted" : "withheld");
      if (!isGranted()) setTimeout(findAgain, SECOND_LOOK_MS);
    }
    return isGranted();
  }

  async function findAgain(): Promise<void> {
    if (await hasAccess()) tell({ type: "changed" });
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

  function showCard(show: boolean): void {
    if (!show)
      void asking?.then(
        ({ withdraw }) => withdraw(),
        () => {},
      );
    else if (!isGranted()) void offer(state.waiting ? "save" : "continue");
  }

  async function offer(purpose: Purpose): Promise<void> {
    if (card === "off" || !cardUrl) return;
    try {
      asking ??= import(cardUrl).then(({ createAsking }: CardModule) =>
        createAsking(config, connect, () => state.waiting, hasAccess, countOutcome, tell, dispatch),
      );
      (await asking).offer(purpose, status.access);
    } catch (error) {
      asking = undefined;
      console.error("Carryover: the card did not load.", error);
    }
  }

  /** @param session `null` leaves a tombstone */
  async function save(session: string | null, older: string): Promise<void> {
    const failure = await write(cookieName, name, session, older).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    dispatch({ type: "written", evidence: await gather(), failure });
  }
}
