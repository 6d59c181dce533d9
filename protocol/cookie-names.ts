/**
 * The grammar of a cookie name: an RFC 9110 `token`, as RFC 6265 section 4.1.1 asks. No separators, controls or non-ASCII. At most
 * 256 characters.
 */
const TOKEN = /^[\w!#-'*+.^`|~-]{1,256}$/;

/** What is said to somebody whose name is not one. */
export const BAD_COOKIE_NAME = "The cookie name must be an RFC 6265 token of at most 256 characters.";

export function isCookieName(name: unknown): name is string {
  return typeof name === "string" && TOKEN.test(name);
}

/**
 * The name under which the hub keeps a page's session cookie.
 *
 * `__Host-` binds it to the hub's own host over https (RFC 6265bis, section 4.1.3.2). Browsers refuse that prefix on
 * plain http, so a hub on a loopback address goes without it.
 */
export function hubCookieName(secure: boolean, tenant: string, name: string): string {
  return `${secure ? "__Host-" : ""}${tenant}.${name}`;
}

/**
 * The value of one cookie, to the letter; `undefined` with none.
 *
 * @param cookies as the `Cookie` header and `document.cookie` list them
 */
export function findCookie(cookies: string, name: string): string | undefined {
  const prefix = `${name}=`;
  return cookies
    .split("; ")
    .find((cookie) => cookie.startsWith(prefix))
    ?.slice(prefix.length);
}
