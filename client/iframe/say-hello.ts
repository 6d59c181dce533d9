import { GRANTED } from "../../protocol/access-status.ts";
import { isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { type IframeConfig, linksOf } from "../../protocol/iframe-config.ts";
import { FRAME_NAME_PREFIX, type FrameMessage, type Hello, UNASKED } from "../../protocol/messages.ts";
import { isTrustedOrigin, trustedScope } from "../../protocol/origins.ts";
import { SHARED } from "../../session/base.ts";
import { hubCookiePrefix, readCookie } from "./cookie-jar.ts";

/**
 * The iframe's first word.
 *
 * To whoever embeds it, and without a secret, where the parent is not known. Chromium and WebKit name the parent's origin. If that
 * is trusted, the browser has sent the hub's unpartitioned cookies for this very document, and among them is the one that the page
 * has named its iframe after, its session comes along: a value that was written, and is read back.
 *
 * @see https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins
 */
export function sayHello(config: IframeConfig): void {
  const { tenant, storageAccess, trustedDomains } = config;
  const hello: Hello = { type: "carryover:hello" };
  const origin = location.ancestorOrigins?.[0] ?? "";
  const name = window.name.replace(FRAME_NAME_PREFIX, "");
  const mayHear = storageAccess === "active" && isTrustedOrigin(origin, trustedDomains) && isCookieName(name);
  const remote = mayHear ? decodeHubCookie(readCookie(hubCookiePrefix(tenant) + name)) : undefined;
  if (remote?.kind !== "session") return parent.postMessage(hello, "*");
  const loaded: FrameMessage = {
    type: "loaded",
    id: UNASKED,
    ...GRANTED,
    session: remote.session,
    base: remote.digest + SHARED,
    saved: false,
    pending: false,
    links: linksOf(config),
    scope: trustedScope(origin, trustedDomains),
  };
  parent.postMessage({ ...hello, loaded } satisfies Hello, origin);
}
