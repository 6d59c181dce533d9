import { DIGEST_LENGTH, type Digest, digestOf, splitDigests } from "./digest.ts";
import { MAX_COOKIE_BYTES } from "./limits.ts";

/**
 * What the hub cookie's value says: a session or a tombstone, and what the cookie has held before.
 *
 * - A session is percent-encoded (`encodeURIComponent`), so that any character survives in a cookie.
 * - A tombstone is `:` and the time at which the chat was ended, in whole seconds since 1970.
 * - The history follows after another `:`, unless it is empty: digests, the latest first, with nothing between.
 *
 * `encodeURIComponent` never yields a `:`.
 */
export type HubCookie =
  /** Or something that the hub never wrote. */
  | { readonly kind: "nothing" }
  | { readonly kind: "session"; readonly session: string; readonly digest: Digest; readonly history: History }
  | { readonly kind: "tombstone"; readonly history: History };

/** What the cookie has held before, the latest first. All of that is over for the hub. */
export type History = readonly Digest[];

const HUB_COOKIE = /^(:\d{1,12}|[^:]+)(?::(.+))?$/;

/**
 * What no cookie value can hold: controls but tab, `;`, lone surrogates (all that `\ud800-\udfff` means with the `u` flag),
 * and outer white space, which browsers cut off.
 */
// oxlint-disable-next-line no-control-regex -- controls are what it looks for
const UNSTORABLE = /[\0-\x08\n-\x1f\x7f;\ud800-\udfff]|^[ \t]|[ \t]$/u;

/** A text that is a session, or `""`: what `document.cookie` can show for a cookie, to the letter. */
export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

export function isSessionValue(value: unknown): value is string {
  return typeof value === "string" && value !== "" && isStorable(value);
}

/**
 * The cookie's value; `undefined` when the session is too large to be stored under that name. What is too long of a history is left
 * out.
 *
 * @param session `null` for a tombstone
 * @param nowSeconds since 1970
 */
export function encodeHubCookie(
  hubCookieName: string,
  session: string | null,
  history: History,
  nowSeconds: number,
): string | undefined {
  const text = session === null ? `:${Math.floor(nowSeconds)}` : encodeURIComponent(session);
  const room = MAX_COOKIE_BYTES - hubCookieName.length - text.length;
  if (room < 0) return undefined;
  const kept = history.slice(0, Math.max(0, Math.floor((room - 1) / DIGEST_LENGTH))).join("");
  return kept ? `${text}:${kept}` : text;
}

/** Reads a hub cookie's value; `undefined` where there is no cookie. */
export function decodeHubCookie(text = ""): HubCookie {
  const [, said = "", digests = ""] = HUB_COOKIE.exec(text) ?? [];
  const history = splitDigests(digests);
  if (said.startsWith(":")) return { kind: "tombstone", history };
  try {
    const session = decodeURIComponent(said);
    if (isSessionValue(session)) return { kind: "session", session, digest: digestOf(session), history };
  } catch {
    // Not percent-encoded.
  }
  return { kind: "nothing" };
}
