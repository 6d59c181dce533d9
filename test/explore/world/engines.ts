/**
 * How browsers treat the hub's cookies in a frame, as far as scripts and the hub can tell. Each row is what /docs/browsers.md says
 * of a browser in one state.
 */
export type Engine = {
  readonly userAgent: string;
  /** Cookies of the hub in a frame without storage access. */
  readonly thirdPartyCookies: "allowed" | "blocked" | "partitioned";
  /** The visitor has allowed storage access before: a request succeeds without a gesture. */
  readonly isGranted: boolean;
  readonly hasStorageAccess: boolean;
  /** `undefined`: the browser does not know the permission's name, and throws. */
  readonly permission: "granted" | "prompt" | undefined;
  /** Whether requests carry `Sec-Fetch-Storage-Access`, and `Activate-Storage-Access` is understood. */
  readonly hasHeaders: boolean;
  /** Whether a granted permission lets requests of the page itself have the hub's cookies, after a retry; and scripts can tell. */
  readonly retriesRequests: boolean;
  readonly hasAncestorOrigins: boolean;
  readonly hasCookieStore: boolean;
  /** A cookie that a frame's script writes can be read only a moment later. */
  readonly writesLate: boolean;
};

const CHROMIUM = {
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/157.0.0.0 Safari/537.36",
  isGranted: false,
  hasStorageAccess: false,
  permission: "prompt",
  hasHeaders: true,
  retriesRequests: true,
  hasAncestorOrigins: true,
  hasCookieStore: true,
  writesLate: false,
} as const;

const FIREFOX = {
  ...CHROMIUM,
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:160.0) Gecko/20100101 Firefox/160.0",
  hasAncestorOrigins: false,
  retriesRequests: false,
} as const;

const WEBKIT = {
  ...CHROMIUM,
  userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
  permission: undefined,
  hasHeaders: false,
  retriesRequests: false,
  hasCookieStore: false,
} as const;

export const ENGINES = {
  "chromium-allowed": { ...CHROMIUM, thirdPartyCookies: "allowed", hasStorageAccess: true },
  "chromium-blocked": { ...CHROMIUM, thirdPartyCookies: "blocked" },
  "chromium-granted": { ...CHROMIUM, thirdPartyCookies: "blocked", isGranted: true, permission: "granted" },
  "firefox-partitioned": { ...FIREFOX, thirdPartyCookies: "partitioned" },
  "firefox-granted": { ...FIREFOX, thirdPartyCookies: "partitioned", isGranted: true, permission: "granted" },
  "webkit-allowed": { ...WEBKIT, thirdPartyCookies: "allowed" },
  "webkit-late": { ...WEBKIT, thirdPartyCookies: "allowed", writesLate: true },
  "webkit-blocked": { ...WEBKIT, thirdPartyCookies: "blocked" },
  "webkit-late-granted": { ...WEBKIT, thirdPartyCookies: "allowed", hasStorageAccess: true, writesLate: true },
} as const satisfies Record<string, Engine>;

export type EngineName = keyof typeof ENGINES;

/** Whether the hub's unpartitioned cookies can be used in its frames, sooner or later, without a click. */
export function givesAccess(engine: Engine): boolean {
  return engine.isGranted || engine.thirdPartyCookies === "allowed";
}
