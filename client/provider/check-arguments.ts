import { isCookieName } from "../../protocol/cookie-names.ts";
import type { SessionCookieOptions } from "../cookie-provider.d.ts";
import { type HubUrl, parseUrl } from "./parse-url.ts";

/** Checks what an integrator passed, and parses the URL. Throws a `TypeError` that says which argument is wrong, and why. */
export function checkArguments(
  name: unknown,
  iframeUrl: unknown,
  callback: unknown,
  timeoutMs: number,
  cookie: SessionCookieOptions,
): HubUrl {
  expect(isCookieName(name), "SESSION_COOKIE_NAME", name, "a cookie name");
  const url = parseUrl(iframeUrl);
  expect(iframeUrl && url, "IFRAME_URL", iframeUrl, "an https:// URL");
  expect(typeof (callback ?? expect) === "function", "showThirdPartyCookieNotification", callback, "a function");
  // A longer time would overflow setTimeout, and be none.
  expect(timeoutMs > 0 && timeoutMs < 2 ** 31, "timeoutMs", timeoutMs, "above 0");
  // Nothing may end the attribute that it is put into.
  const isHarmless = !/[;\s]/.test(Object.values(cookie).join()) && (cookie.maxAgeSeconds ?? 0) >= 0;
  expect(isHarmless, "cookie", cookie, "cookie attributes");
  return url;
}

function expect(condition: unknown, argument: string, value: unknown, expected: string): asserts condition {
  if (!condition) throw new TypeError(`CookieProvider: ${argument} must be ${expected}, not ${JSON.stringify(value)}`);
}
