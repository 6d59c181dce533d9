import { isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { BLANK_REPORT, FRAME_NAME_PREFIX, type Hello, type Report } from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { readCookie } from "./cookie-jar.ts";
import type { Standing } from "./standing.ts";

/**
 * The iframe's first word.
 *
 * To whoever embeds it, and without a secret, where the parent is not known. Chromium and WebKit name the parent's origin; if that
 * is trusted, and the hub's cookies are in reach at once, the session whose name the page has given its iframe comes along.
 *
 * @param atOnce where access stands, if that can be said already
 * @param nameOnHub the hub cookie's name for a session cookie
 * @returns the session that has gone out, `""` with none
 * @see https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins
 */
export function sayHello(
  atOnce: Standing | undefined,
  trustedOrigins: readonly TrustedOrigin[],
  nameOnHub: (name: string) => string,
): string {
  const hello: Hello = { type: "carryover:hello" };
  const origin = location.ancestorOrigins?.[0] ?? "";
  const name = window.name.replace(FRAME_NAME_PREFIX, "");
  const cookie =
    atOnce && isTrustedOrigin(origin, trustedOrigins) && isCookieName(name)
      ? decodeHubCookie(readCookie(nameOnHub(name)) ?? "")
      : undefined;
  if (cookie?.kind !== "session") {
    parent.postMessage(hello, "*");
    return "";
  }
  const report: Report = { ...BLANK_REPORT, ...atOnce, ok: true, session: cookie.value };
  parent.postMessage({ ...hello, report } satisfies Hello, origin);
  return cookie.value;
}
