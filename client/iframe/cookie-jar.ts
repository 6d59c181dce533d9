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

const PROBE_LIFE_SECONDS = 60;

/**
 * Whether there are cookies: one of the tenant's can be read, or one can be written and read back. Another cookie that has such a name
 * in it is as good a sign.
 *
 * @param prefix of the names of the tenant's hub cookies
 */
export function canUseCookies(prefix: string): boolean {
  const probe = `${prefix}~probe`;
  try {
    if (!document.cookie.includes(prefix)) writeCookie(probe, "1", PROBE_LIFE_SECONDS);
    if (!document.cookie.includes(prefix)) return false; // Perhaps not yet: it is left for a second look.
    if (document.cookie.includes(probe)) writeCookie(probe, "", 0);
    return true;
  } catch {
    return false; // A sandboxed frame has no cookies, and throws.
  }
}
