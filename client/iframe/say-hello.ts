import { isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import { BLANK_REPORT, FRAME_NAME_PREFIX, NO_SCOPE, type Hello, type Report } from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin, trustedScope } from "../../protocol/origins.ts";
import { readCookie } from "./cookie-jar.ts";
import { digestOf } from "./page-memory.ts";
import { GRANTED } from "./storage-access.ts";

/** `Report.scope` for a page. */
export function scopeOf(origin: string, trustedOrigins: readonly TrustedOrigin[]): string {
  const domain = trustedScope(origin, trustedOrigins);
  return domain ? `.${domain}` : NO_SCOPE;
}

/**
 * The iframe's first word.
 *
 * To whoever embeds it, and without a secret, where the parent is not known. Chromium and WebKit name the parent's origin. If that
 * is trusted, the browser has sent the hub's unpartitioned cookies for this very document, and among them is the one that the page
 * has named its iframe after, its session comes along: a value that was written, and is read back.
 *
 * @param nameOnHub the hub cookie's name for a session cookie
 * @see https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins
 */
export async function sayHello(
  storageAccess: StorageAccessHeader,
  trustedOrigins: readonly TrustedOrigin[],
  nameOnHub: (name: string) => string,
): Promise<void> {
  const hello: Hello = { type: "carryover:hello" };
  const origin = location.ancestorOrigins?.[0] ?? "";
  const name = window.name.replace(FRAME_NAME_PREFIX, "");
  const cookie =
    storageAccess === "active" && isTrustedOrigin(origin, trustedOrigins) && isCookieName(name)
      ? decodeHubCookie(readCookie(nameOnHub(name)) ?? "")
      : undefined;
  if (cookie?.kind !== "session") return parent.postMessage(hello, "*");
  const { value: session } = cookie;
  const memory = await digestOf(session);
  const scope = scopeOf(origin, trustedOrigins);
  const report: Report = { ...BLANK_REPORT, ...GRANTED, ok: true, session, memory, scope };
  parent.postMessage({ ...hello, report } satisfies Hello, origin);
}
