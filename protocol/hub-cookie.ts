import { MAX_COOKIE_BYTES } from "./limits.ts";

/**
 * What the hub cookie's value says.
 *
 * - A session is percent-encoded (`encodeURIComponent`), so that any character survives in a cookie.
 * - A tombstone is `:` and the time at which the chat was ended, in whole seconds since 1970. `encodeURIComponent` never
 *   yields a `:`, so no session can look like one.
 */
export type HubCookie =
  | { readonly kind: "session"; readonly value: string }
  | { readonly kind: "ended"; readonly atSeconds: number };

const TOMBSTONE = /^:(\d{1,12})$/;

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

/** The cookie value for a session (`isSessionValue`), or `undefined` when it is too large to be stored under that name. */
export function encodeSession(hubCookieName: string, value: string): string | undefined {
  const encoded = encodeURIComponent(value);
  return hubCookieName.length + encoded.length <= MAX_COOKIE_BYTES ? encoded : undefined;
}

export function encodeTombstone(atSeconds: number): string {
  return `:${Math.floor(atSeconds)}`;
}

/** Reads a hub cookie's value; `undefined` for what the hub never wrote. */
export function decodeHubCookie(text: string): HubCookie | undefined {
  const tombstone = TOMBSTONE.exec(text);
  if (tombstone) return { kind: "ended", atSeconds: Number(tombstone[1]) };
  try {
    const value = decodeURIComponent(text);
    return text[0] !== ":" && isSessionValue(value) ? { kind: "session", value } : undefined;
  } catch {
    return undefined;
  }
}
