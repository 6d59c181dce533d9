import { type Digest, digestOf, splitDigests } from "../protocol/digest.ts";
import { type History, decodeHubCookie, encodeHubCookie } from "../protocol/hub-cookie.ts";

/** 112 characters of the hub cookie. */
const MAX_HISTORY = 16;

/**
 * The history of the hub cookie that takes another one's place. If it has the session itself, that had been over, and was begun again.
 *
 * @param before digest of the session that it held; `undefined` for a tombstone, or nothing
 * @param older what the writing site knows besides
 * @param now digest of the session that it holds; `undefined` for a tombstone
 */
export function succeed(
  history: History,
  before: Digest | undefined,
  older: readonly Digest[],
  now: Digest | undefined,
): History {
  const held = before === undefined ? [] : [before];
  // What a tombstone is about is what the site has ended, whatever the hub held.
  const added = now === undefined ? [...older, ...held] : [...held, ...older];
  return [...new Set([...added.filter((digest) => digest !== now), ...history])].slice(0, MAX_HISTORY);
}

/** What a hub cookie is to say, and whose place it takes. */
export type HubCookieChange = {
  readonly hubCookieName: string;
  /** The value of the cookie as it is; `undefined` with none. */
  readonly before: string | undefined;
  /** `null` leaves a tombstone. */
  readonly session: string | null;
  /** For the history, with nothing between. Anything else is none. */
  readonly older: string;
  /** Since 1970. */
  readonly nowSeconds: number;
};

/** The value of the hub cookie; `undefined` when the session is too large for a cookie of that name. */
export function succeedHubCookie(change: HubCookieChange): string | undefined {
  const { hubCookieName, session, older, nowSeconds } = change;
  const before = decodeHubCookie(change.before);
  const history = succeed(
    before.kind === "nothing" ? [] : before.history,
    before.kind === "session" ? before.digest : undefined,
    splitDigests(older),
    session === null ? undefined : digestOf(session),
  );
  return encodeHubCookie(hubCookieName, session, history, nowSeconds);
}
