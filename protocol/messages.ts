/**
 * What a page and the hub iframe say to each other.
 *
 *   iframe → page    `hello`, by `postMessage` to `"*"`: it holds no secret, because the iframe does not know its parent yet. Where
 *                    the browser itself names the parent, its origin is trusted, and the hub's cookies can be read at once, `hello`
 *                    goes to that exact origin, and the answer to a first load comes along
 *   page   → iframe  `connect` with one end of a `MessageChannel`, to the hub's exact origin
 *   page   → iframe  over the port: `load`, `save`, `clear`, `repair`, `test`, `card`, `mint`
 *   iframe → page    over the port: `loaded` or `answered`, one to each request; and unasked `card`, `changed`,
 *                    `refused`
 *
 * Every message over the port that the iframe sends says what the browser lets the hub do here. `""` stands for nothing: it is no
 * session, no base, no code.
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue, isStorable } from "./hub-cookie.ts";

/** What the iframe may do with the hub's unpartitioned cookies on this page; `untrusted`: it does nothing for its origin. */
export type HubAccess = "granted" | "promptable" | "blocked" | "untrusted";

export type Hello = {
  readonly type: "carryover:hello";
  /** What a page that has nothing would be answered when it loads. To a trusted origin only: saves it two messages. */
  readonly loaded?: unknown;
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
  /** What its site remembers, as session/base.ts writes it. */
  readonly base: string;
};

export type PageOrder = PageState &
  (
    | {
        readonly type: "load";
        /** The handoff codes that the page's link has brought, joined by dots. */
        readonly codes: string;
        /** What the page's script has redeemed them for (`Arrived[]` of protocol/handoff.ts); anything else if it could not. */
        readonly arrived: unknown;
        /** With which the page has asked, or would have (protocol/handoff.ts). */
        readonly claim?: unknown;
        /** Origin of the referrer that the codes came by. Anything else: that of the page. */
        readonly referrer?: unknown;
      }
    | { readonly type: "save" }
    | { readonly type: "clear" }
    /** What the answer to a load has called pending: to be saved, or to be ended. */
    | { readonly type: "repair" }
    | { readonly type: "test" }
    | { readonly type: "card"; readonly show: boolean }
    /** `to`: the origin that a link leads to. */
    | { readonly type: "mint"; readonly to: string }
  );

/** An order and its number, from 1, by which it is answered. */
export type PageRequest = PageOrder & { readonly id: number };

/** The number of a message that answers no request. */
export const UNASKED = 0;

/** All that the iframe says over the port. */
export type FrameMessage = FrameContent &
  Particulars & {
    /** The number of the request that this answers; `UNASKED`. */
    readonly id: number;
    readonly access: HubAccess;
    /** Why access stands as it does, or why what was asked could not be done: a sentence for the integrator. */
    readonly reason: string;
    /** The origins to which links carry the session, as TRUSTED_DOMAINS spells them, with spaces between. */
    readonly links: string;
    /** What the domain of a session cookie must end in, if it is to have one: `.shop-b.com`, or `NO_SCOPE`. */
    readonly scope: string;
  };

/** What only some messages have: it can be asked of each. */
type Particulars = {
  readonly [Field in "session" | "base" | "saved" | "pending" | "done" | "code"]?: FieldOf<FrameContent, Field>;
};

type FieldOf<Content, Field extends string> = Content extends { readonly [_ in Field]: infer Value } ? Value : never;

export type FrameContent =
  | ({
      /** The session that wins, for the page to show, and the base that its site is to keep. */
      readonly type: "loaded";
      /** The hub has turned out to hold the page's session. */
      readonly saved: boolean;
      /** The hub lacks something that the page knows: a `repair` is due. */
      readonly pending: boolean;
    } & PageState)
  | {
      readonly type: "answered";
      /** Saved or cleared: the hub holds the session, or the tombstone. Otherwise: there is access. */
      readonly done: boolean;
      /** From now on the hub holds the page's session. */
      readonly saved: boolean;
      /** For the site to keep, if it still has the one that the request came with. */
      readonly base: string;
      /** Minted: the handoff code. */
      readonly code: string;
    }
  /** Height in pixels that the iframe wants for its card; 0 to be hidden. */
  | { readonly type: "card"; readonly height: number }
  /** Something has changed on the hub or in the browser: the page does well to load again. */
  | { readonly type: "changed" }
  /** The hub does nothing for this page. */
  | { readonly type: "refused" };

/** No domain ends in this: session cookies are their host's only. */
export const NO_SCOPE = "-";

/** What each message has beside `type`, by example. */
const SHAPES: { readonly [Type in FrameContent["type"]]: Omit<FrameContent & { readonly type: Type }, "type"> } = {
  loaded: { session: "", base: "", saved: true, pending: true },
  answered: { done: true, saved: true, base: "", code: "" },
  card: { height: 0 },
  changed: {},
  refused: {},
};

export function isHello(data: unknown): data is Hello {
  return fieldsOf(data)["type"] === "carryover:hello";
}

export function isConnect(data: unknown): data is Connect {
  const { type } = fieldsOf(data);
  const isLike = resembles(data, { name: "", url: "", referrer: "" });
  return type === "carryover:connect" && isLike && isCookieName(data.name);
}

export function isPageRequest(data: unknown): data is PageRequest {
  const { type, id } = fieldsOf(data);
  if (!Number.isSafeInteger(id) || !resembles(data, { session: "", base: "" })) return false;
  switch (type) {
    case "load":
      return resembles(data, { codes: "" });
    case "save":
      return isSessionValue(data.session);
    case "clear":
    case "repair":
    case "test":
      return true;
    case "card":
      return resembles(data, { show: true });
    case "mint":
      return resembles(data, { to: "" }) && isSessionValue(data.session);
    default:
      return false;
  }
}

export function isFrameMessage(data: unknown): data is FrameMessage {
  return Object.entries(SHAPES).some(
    ([type, shape]) =>
      type === fieldsOf(data)["type"] &&
      resembles(data, { id: 0, access: "", reason: "", links: "", scope: "", ...shape }),
  );
}

/**
 * Whether something has the sample's fields, with values of the same types. A session is one that a cookie can hold, even where none is
 * asked for.
 */
function resembles<Sample extends object>(data: unknown, sample: Sample): data is Sample {
  const fields = fieldsOf(data);
  const { session } = fields;
  return (
    (typeof session !== "string" || isStorable(session)) &&
    Object.entries(sample).every(([name, value]) => typeof fields[name] === typeof value)
  );
}

/** Whatever was sent, as something whose fields can be asked for. */
export const fieldsOf: (data: unknown) => Record<string, unknown> = Object;
