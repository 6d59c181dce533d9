import { findCookie } from "../../protocol/cookie-names.ts";

/** Reads one cookie of the hub as `document.cookie` shows it. */
export function readCookie(name: string): string | undefined {
  return findCookie(document.cookie, name);
}

/** Writes a cookie that frames on other sites can read. */
export function writeCookie(name: string, value: string, maxAgeSeconds: number): void {
  document.cookie = `${name}=${value}; Secure; Path=/; SameSite=None; Max-Age=${maxAgeSeconds}`;
}

/**
 * Whether there are cookies, whosever they are: one of the tenant's can be read, or one can be written and read back. It stays for a
 * moment: another frame of the page may be looking for it, too.
 *
 * @param prefix of the names of the tenant's hub cookies; by itself it is nobody's session
 */
export function canUseCookies(prefix: string): boolean {
  try {
    if (!hasCookie(prefix)) writeCookie(prefix, "1", PROBE_LIFE_SECONDS);
    return hasCookie(prefix); // If not, perhaps not yet: that is left for a second look.
  } catch {
    return false; // A sandboxed frame has no cookies, and throws.
  }
}

const PROBE_LIFE_SECONDS = 5;

function hasCookie(start: string): boolean {
  return document.cookie.split("; ").some((cookie) => cookie.startsWith(start));
}
