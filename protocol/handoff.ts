/**
 * Handoff: a one-time code that carries a session from one origin to another without any cookie on the hub.
 *
 * The code travels in the fragment of a link, which browsers send to no server: `#carryover=<code>`, and where the link had a
 * fragment of its own, `#carryover=<code>&<fragment>`. A page with several session cookies has several codes, joined by dots.
 *
 * A code is good once. But the page that brings it may be left before the answer comes, as by a redirect of its own. So it makes up
 * a claim, a secret that never stands in an address: who has come first may come again with the same one, while the code lives.
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue } from "./hub-cookie.ts";
import { fieldsOf } from "./messages.ts";

/** `POST /t/<tenant>/handoff`: answered with `201` and the code, a JSON string. */
export type MintRequest = {
  /** Name of the session cookie. */
  readonly name: string;
  readonly session: string;
  /** Origin of the page whose session it is; the hub's own, from the continue page. */
  readonly from: string;
  /** Origin of the link's destination. */
  readonly to: string;
};

/** `POST /t/<tenant>/handoff/redeem`: answered with `200` and the session, a JSON string. */
export type RedeemRequest = {
  readonly code: string;
  readonly name: string;
  /** Origin of the page that the code was brought to. */
  readonly to: string;
  /** Origin of that page's `document.referrer`; `""` without one. */
  readonly referrer: string;
  /** None where the browser makes no UUID. */
  readonly claim?: string | undefined;
};

/**
 * `POST /redeem`, by CORS from the page that a code has brought its visitor to, as its script begins to run. The page's
 * script knows no tenant yet, nor a cookie's name: the codes do. Answered with an array of `Arrived`, and `403` if it is empty.
 */
export type ArrivalRequest = {
  /** Joined by dots. */
  readonly codes: string;
  /** Origin of the page's `document.referrer`; `""` without one. */
  readonly referrer: string;
  /** None where the sessions are not wanted, or the browser makes no UUID. */
  readonly claim?: string | undefined;
};

/** A session that a code has brought. */
export type Arrived = {
  readonly tenant: string;
  /** Name of the session cookie. */
  readonly name: string;
  readonly session: string;
};

/** 128 random bits in base64url. */
const CODE = /^[\w-]{22}$/;

export function isHandoffCode(value: unknown): value is string {
  return typeof value === "string" && CODE.test(value);
}

/** A random UUID. */
const CLAIM = /^[\da-f-]{36}$/;

export function isClaim(value: unknown): value is string {
  return typeof value === "string" && CLAIM.test(value);
}

export function isMintRequest(data: unknown): data is MintRequest {
  const { name, session, from, to } = fieldsOf(data);
  return isCookieName(name) && isSessionValue(session) && typeof from === "string" && typeof to === "string";
}

export function isArrivalRequest(data: unknown): data is ArrivalRequest {
  const { codes, referrer, claim } = fieldsOf(data);
  return (
    typeof codes === "string" &&
    codes.split(".").every(isHandoffCode) &&
    typeof referrer === "string" &&
    (claim === undefined || isClaim(claim))
  );
}

export function isRedeemRequest(data: unknown): data is RedeemRequest {
  const { code, name, to, referrer, claim } = fieldsOf(data);
  return (
    isHandoffCode(code) &&
    isCookieName(name) &&
    typeof to === "string" &&
    typeof referrer === "string" &&
    (claim === undefined || isClaim(claim))
  );
}
