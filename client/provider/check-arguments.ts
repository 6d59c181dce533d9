import { isCookieName } from "../../protocol/cookie-names.ts";
import { isLoopback } from "../../protocol/origins.ts";
import type { CookieProviderOptions } from "../cookie-provider.d.ts";

/** Checks what an integrator passed, and parses the URL. Throws a `TypeError` that says which argument is wrong, and why. */
export function checkArguments(name: unknown, iframeUrl: unknown, callback: unknown, options: CookieProviderOptions): URL {
  expect(isCookieName(name), "SESSION_COOKIE_NAME", name, "a cookie name (RFC 6265)");
  const url = URL.canParse(`${iframeUrl}`, document.baseURI) ? new URL(`${iframeUrl}`, document.baseURI) : undefined;
  expect(
    url && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))),
    "IFRAME_URL",
    iframeUrl,
    "the https:// address of the hub's iframe page",
  );
  expect(callback == null || typeof callback === "function", "showThirdPartyCookieNotification", callback, "a function");
  const { timeoutMs = 1, cookie = {} } = options;
  expect(timeoutMs > 0 && timeoutMs < 2 ** 31, "options.timeoutMs", timeoutMs, "a number of milliseconds above 0");
  const { domain = "", path = "/", maxAgeSeconds = 0, sameSite = "Lax" } = cookie;
  expect(isAttribute(domain), "options.cookie.domain", domain, '"auto", "host" or a domain');
  expect(isAttribute(path) && path.startsWith("/"), "options.cookie.path", path, "a path that begins with /");
  expect(Number.isFinite(maxAgeSeconds), "options.cookie.maxAgeSeconds", maxAgeSeconds, "a number of seconds");
  expect(/^(?:Strict|Lax|None)$/.test(sameSite), "options.cookie.sameSite", sameSite, '"Strict", "Lax" or "None"');
  return url;
}

/** Text that cannot end the cookie attribute that it is put into. */
function isAttribute(value: unknown): value is string {
  return typeof value === "string" && !/[;\s]/.test(value);
}

function expect(condition: unknown, argument: string, value: unknown, expected: string): asserts condition {
  if (!condition) throw new TypeError(`CookieProvider: ${argument} must be ${expected}, not ${JSON.stringify(value)}`);
}
