/** `fetch` and `sendBeacon`, with cookies, CORS and storage access as browsers do it. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import type { CookieScope } from "./cookie-jar.ts";
import { AbortSignalDouble } from "./abort-signal.ts";
import { type HubAnswer, sendToHub } from "./requests.ts";
import { HUB_ORIGIN } from "./sites.ts";
import { cookieScopeOf } from "./storage-access.ts";
import { storageAccessHeader } from "./storage-access-header.ts";

type FetchInit = {
  readonly method?: string;
  /** `null`, too, is none. */
  readonly body?: string | null;
  readonly headers?: Record<string, string>;
  readonly credentials?: "omit" | "same-origin" | "include";
  readonly keepalive?: boolean;
  readonly signal?: AbortSignalDouble;
};

const NETWORK_ERROR = "Failed to fetch";

export function createFetch(browser: Browser, document: SimulatedDocument) {
  const { engine, jar } = browser;

  function fetch(input: string | URL, init: FetchInit = {}): Promise<unknown> {
    const url = new URL(input, document.url);
    if (url.origin !== HUB_ORIGIN) return Promise.reject(new TypeError(`${NETWORK_ERROR}: there is no ${url.origin}.`));
    const method = init.method ?? "GET";
    if (url.origin !== document.url.origin && !isSimple(method, init.headers)) {
      throw new Error(`${method} ${url.href} needs a preflight, which is not simulated.`);
    }
    browser.observer.onRequest(document, { method, url, body: init.body ?? undefined });
    return new Promise((resolve, reject) => {
      const attempt = { url, method, init, resolve, reject, hasAccess: document.hasStorageAccess };
      send(attempt);
    });
  }

  type Attempt = {
    readonly url: URL;
    readonly method: string;
    readonly init: FetchInit;
    readonly hasAccess: boolean;
    readonly resolve: (response: unknown) => void;
    readonly reject: (error: unknown) => void;
  };

  function send(attempt: Attempt): void {
    const { url, method, init, hasAccess, resolve, reject } = attempt;
    const isSameOrigin = url.origin === document.url.origin;
    const credentials = init.credentials ?? "same-origin";
    const isCredentialed = credentials === "include" || (credentials === "same-origin" && isSameOrigin);
    const scope = isCredentialed ? scopeFor(url, init.keepalive === true, hasAccess) : undefined;
    let isSettled = false;
    init.signal?.addEventListener("abort", () => settle(() => reject(init.signal?.reason)));
    if (init.signal?.aborted) settle(() => reject(init.signal?.reason));

    function settle(how: () => void): void {
      if (!isSettled && document.isAlive) how();
      isSettled = true;
    }

    const request = {
      method,
      url,
      body: init.body ?? undefined,
      headers: {
        ...init.headers,
        "User-Agent": engine.userAgent,
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": isSameOrigin ? "same-origin" : "cross-site",
        ...(method !== "GET" || !isSameOrigin ? { Origin: document.url.origin } : {}),
        ...(isCredentialed ? storageAccessHeader(engine, isSameOrigin ? "frame" : "request", hasAccess) : {}),
        ...cookieHeader(scope),
      },
      sender: labelOf(document),
      isAlive: () => !isSettled && (document.isAlive || init.keepalive === true),
    };
    sendToHub(browser, request, (answer, isLost) => {
      if (!answer) return settle(() => reject(new TypeError(NETWORK_ERROR)));
      if (canRetry(answer, request.headers)) return send({ ...attempt, hasAccess: true });
      for (const cookie of scope ? answer.headers.getSetCookie() : []) if (scope) jar.write(scope, cookie);
      const isReadable = isSameOrigin || allows(answer, document.url.origin, isCredentialed);
      settle(() => (isReadable && !isLost ? resolve(toResponse(answer)) : reject(new TypeError(NETWORK_ERROR))));
    });
  }

  /** The hub's cookies, as this document's requests carry them. */
  function scopeFor(url: URL, isKeepalive: boolean, hasAccess: boolean): CookieScope | undefined {
    const isFrame = url.origin === document.url.origin;
    // Firefox sends what outlives a document with its partitioned cookies, in spite of storage access.
    const loses = isKeepalive && engine.thirdPartyCookies === "partitioned";
    const asHub = { ...document, url, hasStorageAccess: (isFrame || engine.retriesRequests) && hasAccess && !loses };
    return cookieScopeOf(browser, asHub);
  }

  function cookieHeader(scope: CookieScope | undefined): Record<string, string> {
    const cookies = scope ? jar.read(scope) : [];
    if (cookies.length === 0) return {};
    return { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  }

  function canRetry({ headers }: HubAnswer, sent: Record<string, string>): boolean {
    const [retry, origin] = (headers.get("Activate-Storage-Access") ?? "").split(/;\s*allowed-origin=/);
    const isAllowed = origin === "*" || origin === JSON.stringify(document.url.origin);
    return sent["Sec-Fetch-Storage-Access"] === "inactive" && retry === "retry" && isAllowed;
  }

  function sendBeacon(input: string, body?: string): boolean {
    void fetch(input, { method: "POST", keepalive: true, ...(body === undefined ? {} : { body }) }).catch(() => {});
    return true;
  }

  return { fetch, sendBeacon };
}

/** Whether a cross-origin request goes out without asking first (Fetch, "CORS-safelisted"). */
function isSimple(method: string, headers: Record<string, string> = {}): boolean {
  const contentType = headers["Content-Type"] ?? "text/plain";
  const isPlain = Object.keys(headers).every((name) => name === "Content-Type") && contentType === "text/plain";
  return ["GET", "HEAD", "POST"].includes(method) && isPlain;
}

function allows({ headers }: HubAnswer, origin: string, isCredentialed: boolean): boolean {
  const allowed = headers.get("Access-Control-Allow-Origin");
  if (!isCredentialed) return allowed === "*" || allowed === origin;
  return allowed === origin && headers.get("Access-Control-Allow-Credentials") === "true";
}

function toResponse({ status, headers, body }: HubAnswer) {
  return {
    ok: status >= 200 && status < 300,
    status,
    headers,
    text: async () => body,
    json: async (): Promise<unknown> => JSON.parse(body),
  };
}
