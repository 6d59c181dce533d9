import { findCookie, hubCookieName } from "../../protocol/cookie-names.ts";

/** Of the names of a tenant's hub cookies. */
export function hubCookiePrefix(tenant: string): string {
  return hubCookieName(location.protocol === "https:", tenant, "");
}

/** Reads one cookie of the hub as `document.cookie` shows it. */
export function readCookie(name: string): string | undefined {
  return findCookie(document.cookie, name);
}

/** Writes a cookie that frames on other sites can read. */
export function writeCookie(name: string, value: string, maxAgeSeconds: number): void {
  document.cookie = `${name}=${value}; Secure; Path=/; SameSite=None; Max-Age=${maxAgeSeconds}`;
}

const PROBE_LIFE_SECONDS = 5;

/**
 * Whether there are cookies: one of the tenant's can be read, or one can be written and read back. Another cookie that has such a name
 * in it is as good a sign. What is written stays for a moment: another frame of the page may be looking for it, too.
 *
 * @param prefix of the names of the tenant's hub cookies; by itself it is nobody's session
 */
export function canUseCookies(prefix: string): boolean {
  try {
    if (!document.cookie.includes(prefix)) writeCookie(prefix, "1", PROBE_LIFE_SECONDS);
    return document.cookie.includes(prefix); // If not, perhaps not yet: that is left for a second look.
  } catch {
    return false; // A sandboxed frame has no cookies, and throws.
  }
}
