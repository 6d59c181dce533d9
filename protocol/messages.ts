/**
 * What a page and the hub iframe say to each other.
 *
 *   iframe → page    `hello`, by `postMessage` to `"*"`: it holds no secret, for the iframe does not know its parent yet. Where the
 *                    browser itself names the parent, its origin is trusted, and the hub's cookies are in reach at once, `hello` goes
 *                    to that exact origin, and a report with the session comes along
 *   page   → iframe  `connect` with one end of a `MessageChannel`, to the hub's exact origin
 *   page   → iframe  over the port: `load`, `save`, `clear`, `test`, `card`, `mint`
 *   iframe → page    over the port: reports, one to each request and others unasked, when something has changed
 *
 * A page may be years older than the hub (it pins a version by integrity hash), so messages are only ever added to:
 * guards check each field that is used and let unknown ones pass. `""` stands for nothing: it is no session, no digest, no code.
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue, isStorable } from "./hub-cookie.ts";

/** What the iframe may do with the hub's unpartitioned cookies on this page; `untrusted`: it does nothing for its origin. */
export type HubAccess = "granted" | "promptable" | "blocked" | "untrusted";

export type Hello = {
  readonly type: "carryover:hello";
  /** To a trusted origin alone: spares a page that has no session two messages. */
  readonly report?: unknown;
};

/** In front of the session cookie's name in the name of the iframe, so that the page's `window` gets no property that it could know. */
export const FRAME_NAME_PREFIX = "carryover:";

export type Connect = {
  readonly type: "carryover:connect";
  /** Name of the page's session cookie. */
  readonly name: string;
  /** When the card is shown: `auto` or nothing, `off`, or, whatever else it says, when the page asks for it. */
  readonly card: unknown;
  /** BCP 47 language of the card; anything else means the browser's. Like `card` as the integrator wrote it. */
  readonly locale: unknown;
  /** Address of the page, for the way back from the continue page. */
  readonly url: string;
  /** Address from which the visitor came to the page, as `document.referrer` has it. */
  readonly referrer: string;
};

/** What a page has, as far as it decides which session wins. */
export type PageState = {
  /** The page's own session. */
  readonly session: string;
  /**
   * What the iframe last gave the page to keep. Only the iframe reads more in it (client/iframe/page-memory.ts) than the mark
   * that the page may put in front.
   */
  readonly memory: string;
};

/** In front of a page's memory: its chat was ended there, and the hub has not confirmed that it knows. */
export const ENDED_MARK = "-";

export type PageOrder =
  | ({
      readonly type: "load";
      /** The handoff codes that the page's link has brought, joined by dots. */
      readonly codes: string;
      /** What the page's script has redeemed them for (`Arrived[]` of protocol/handoff.ts); anything else if it could not. */
      readonly arrived: unknown;
    } & PageState)
  | { readonly type: "save"; readonly session: string }
  | { readonly type: "clear" | "test" }
  | { readonly type: "card"; readonly show: boolean }
  /** `to`: the origin that a link leads to. */
  | ({ readonly type: "mint"; readonly to: string } & PageState);

/** An order and its number, from 1, by which it is answered. */
export type PageRequest = PageOrder & { readonly id: number };

/** The number of a report that answers no request. */
export const UNASKED = 0;

/** All that the iframe says over the port. One shape, so that the page's script needs one guard. */
export type Report = {
  readonly type: "report";
  /** The number of the request that this answers; `UNASKED`. */
  readonly id: number;
  readonly access: HubAccess;
  /** Why access stands as it does: a sentence for the integrator. */
  readonly reason: string;
  /** Saved: the hub holds the session. Cleared: it holds the tombstone. Otherwise: there is access. */
  readonly ok: boolean;
  /** Loaded: the session that wins, for the page to show. */
  readonly session: string;
  /** For the page to keep in place of its memory; `""` when nothing has changed. */
  readonly memory: string;
  /** From now on the hub holds the page's session. */
  readonly saved: boolean;
  /** Something has changed on the hub or in the browser: the page does well to load again. */
  readonly news: boolean;
  /** Height in pixels that the iframe wants for its card; 0 to be hidden. */
  readonly height: number;
  /** Minted: the handoff code. */
  readonly code: string;
  /** The origins to which links carry the session, as TRUSTED_DOMAINS spells them, with spaces between. */
  readonly links: string;
  /** What the domain of a session cookie must end in, if it is to have one: `.shop-b.com`, or `NO_SCOPE`. */
  readonly scope: string;
};

/** No domain ends in this: session cookies are their host's only. */
export const NO_SCOPE = "-";

/** A report that says nothing, but has every field. */
export const BLANK_REPORT: Report = {
  type: "report",
  id: UNASKED,
  access: "blocked",
  reason: "",
  ok: false,
  session: "",
  memory: "",
  saved: false,
  news: false,
  height: 0,
  code: "",
  links: "",
  scope: NO_SCOPE,
};

export function isHello(data: unknown): data is Hello {
  return resembles(data, { type: "carryover:hello" });
}

export function isConnect(data: unknown): data is Connect {
  return resembles(data, { type: "carryover:connect", name: "", url: "", referrer: "" }) && isCookieName(data.name);
}

export function isPageRequest(data: unknown): data is PageRequest {
  const { type, id, session } = fieldsOf(data);
  if (!Number.isSafeInteger(id)) return false;
  switch (type) {
    case "load":
      return resembles(data, { type, session: "", memory: "", codes: "" }) && isStorable(data.session);
    case "save":
      return isSessionValue(session);
    case "clear":
    case "test":
      return true;
    case "card":
      return resembles(data, { type, show: true });
    case "mint":
      return resembles(data, { type, memory: "", to: "" }) && isSessionValue(session);
    default:
      return false;
  }
}

export function isReport(data: unknown): data is Report {
  return resembles(data, BLANK_REPORT) && isStorable(data.session);
}

/** Whether something has the sample's `type`, and its other fields with values of the same types. */
function resembles<Sample extends { readonly type: string }>(data: unknown, sample: Sample): data is Sample {
  const fields = fieldsOf(data);
  return (
    fields["type"] === sample.type &&
    Object.entries(sample).every(([name, value]) => typeof fields[name] === typeof value)
  );
}

/** Whatever was sent, as something whose fields can be asked for. */
export function fieldsOf(data: unknown): Record<string, unknown> {
  return Object(data);
}
