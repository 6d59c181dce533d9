/**
 * What a page and the hub iframe say to each other.
 *
 *   iframe → page    `hello`, by `postMessage` to `"*"`: it holds no secret, and the iframe does not know its parent yet
 *   page   → iframe  `connect` with one end of a `MessageChannel`, to the hub's exact origin
 *   iframe → page    over the port: an answer to each request, or one refusal of `connect` from an untrusted origin
 *   page   → iframe  over the port: `load`, `save`, `clear`, `test`, `card`
 *   iframe → page    over the port, unasked: `frame`, the height that the iframe wants, and whether to load again
 *
 * A page may be years older than the hub (it pins a version by integrity hash), so messages are only ever added to:
 * guards check each field that is used and let unknown ones pass.
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue } from "./hub-cookie.ts";

/** What the iframe may do with the hub's unpartitioned cookies on this page; `untrusted`: it does nothing for its origin. */
export type HubAccess = "granted" | "promptable" | "blocked" | "untrusted";

export type Hello = { readonly type: "carryover:hello" };

export type Connect = {
  readonly type: "carryover:connect";
  /** Name of the page's session cookie. */
  readonly name: string;
  /** When the card is shown: `auto`, `off`, or, whatever else it says, when the page asks for it. */
  readonly card: unknown;
  /** BCP 47 language of the card; anything else means the browser's. Like `card` as the integrator wrote it. */
  readonly locale: unknown;
  /** Address from which the visitor came to the page, as `document.referrer` has it. */
  readonly referrer: string;
};

/** What a page has, as far as it decides which session wins. */
export type PageState = {
  /** The page's own session. */
  readonly session: string | null;
  /** Digest of the session that the page last exchanged with the hub, as the hub gave it. */
  readonly lastDigest: string | null;
  /** That session's chat was ended on the page, and the hub has not confirmed that it knows. */
  readonly ended: boolean;
};

export type PageOrder =
  | ({ readonly type: "load" } & PageState)
  | { readonly type: "save"; readonly session: string }
  | { readonly type: "clear" | "test" }
  | { readonly type: "card"; readonly show: boolean };

/** An order and its number, from 1, by which it is answered. */
export type PageRequest = PageOrder & { readonly id: number };

/** The number that answers `connect`: of a refusal only. */
export const REFUSAL_ID = 0;

/** The iframe's answers. One shape for all, so that the page's script needs one guard. */
export type Answer = {
  readonly type: "answer";
  /** The number of the request that this answers. */
  readonly id: number;
  readonly access: HubAccess;
  /** Why access stands as it does: a sentence for the integrator. */
  readonly reason: string;
  /** Saved: the hub holds the session. Cleared: it holds the tombstone. Otherwise: there is access. */
  readonly ok: boolean;
  /** Loaded: the session that wins, for the page to show. Otherwise `null`. */
  readonly session: string | null;
  /** Loaded and saved: the digest for the page to remember as last exchanged. Otherwise `null`, which forgets it. */
  readonly digest: string | null;
  /** Loaded: what the page has and the hub lacks, a live session to save or word of an ended one to clear. */
  readonly owed: "save" | "clear" | null;
};

/** What the iframe says unasked. */
export type FrameState = {
  readonly type: "frame";
  /** Height in pixels that the iframe wants for its card; 0 to be hidden. */
  readonly height: number;
  /** Something has changed on the hub or in the browser: the page does well to load again. */
  readonly news: boolean;
};

export function isHello(data: unknown): data is Hello {
  return fieldsOf(data)["type"] === "carryover:hello";
}

export function isConnect(data: unknown): data is Connect {
  const { type, name, referrer } = fieldsOf(data);
  return type === "carryover:connect" && isCookieName(name) && typeof referrer === "string";
}

export function isPageRequest(data: unknown): data is PageRequest {
  const { type, id, session, lastDigest, ended, show } = fieldsOf(data);
  if (!Number.isSafeInteger(id)) return false;
  switch (type) {
    case "load":
      return isSessionOrNull(session) && isTextOrNull(lastDigest) && typeof ended === "boolean";
    case "save":
      return isSessionValue(session);
    case "clear":
    case "test":
      return true;
    case "card":
      return typeof show === "boolean";
    default:
      return false;
  }
}

const ACCESS: readonly unknown[] = ["granted", "promptable", "blocked", "untrusted"] satisfies HubAccess[];
const OWED: readonly unknown[] = ["save", "clear", null] satisfies Answer["owed"][];

export function isAnswer(data: unknown): data is Answer {
  const { type, id, access, reason, ok, session, digest, owed } = fieldsOf(data);
  return (
    type === "answer" &&
    Number.isSafeInteger(id) &&
    ACCESS.includes(access) &&
    typeof reason === "string" &&
    typeof ok === "boolean" &&
    isSessionOrNull(session) &&
    isTextOrNull(digest) &&
    OWED.includes(owed)
  );
}

export function isFrameState(data: unknown): data is FrameState {
  const { type, height, news } = fieldsOf(data);
  return type === "frame" && Number.isSafeInteger(height) && typeof news === "boolean";
}

function isSessionOrNull(value: unknown): value is string | null {
  return value === null || isSessionValue(value);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

/** Whatever was sent, as something whose fields can be asked for. */
export function fieldsOf(data: unknown): Record<string, unknown> {
  return Object(data);
}
