/**
 * Public types of Carryover's page script: `/cookie-provider.mjs` and, as globals, `/cookie-provider.min.js`.
 * The hub serves this file as `/cookie-provider.d.ts`. docs/api.md says the same in prose.
 */

/** What the hub's iframe can do on this page, and why. */
export interface CookieProviderStatus {
  /**
   * - `granted`: the hub can use its cookies here; the session is shared.
   * - `promptable`: the browser keeps the hub's cookies from this page until the visitor grants storage access.
   * - `blocked`: the browser blocks the hub's third-party cookies.
   * - `unreachable`: the hub has not answered (the state before its first answer, too).
   * - `untrusted`: the hub answers, but not to this page's origin.
   */
  readonly access: "granted" | "promptable" | "blocked" | "unreachable" | "untrusted";
  /** A sentence for the integrator: why, and what to change. */
  readonly reason: string;
}

/**
 * How the session cookie is written on the page. What the page's own chat has written stays as it is. If the chat lets you
 * choose the cookie's name, begin it with `__Host-`: no other host can then read or set the cookie.
 */
export interface SessionCookieOptions {
  /**
   * - `"auto"`: the widest domain that the tenant trusts with its subdomains: for `https://*.shop.example` that is
   *   `shop.example`, whose apex shares the cookie. With the Genesys extension the registrable domain, the scope that Genesys
   *   Widgets uses. Otherwise this host only.
   * - `"host"`: this host only. Wider cookies of the name are refused, in browsers that tell a cookie's domain (Chromium).
   * - Anything else: the value of the `Domain` attribute.
   * @default "auto"
   */
  domain?: "auto" | "host" | (string & {});
  /** @default "/" */
  path?: string;
  /** Life in seconds. Left out, the cookie ends with the browser session, as the cookies of Genesys Widgets do. */
  maxAgeSeconds?: number;
  /** @default "Lax" */
  sameSite?: "Strict" | "Lax" | "None";
}

export interface CookieProviderOptions {
  cookie?: SessionCookieOptions;
  /**
   * When the hub shows its card, which asks the visitor for the one click that a browser may need.
   * - `"auto"`: when a session could not be saved, or could not be loaded although the visitor comes from another of the
   *   trusted domains; with Genesys Widgets also when the chat is opened. Never on a plain visit.
   * - `"manual"`: when the page calls `showCard`.
   * - `"off"`: never.
   * @default "auto"
   */
  card?: "auto" | "manual" | "off";
  /** Language of the card, as a BCP 47 tag such as `"de"`. Left out, the browser's. */
  locale?: string;
  /**
   * Whether links carry the session: those of this page to the tenant's other domains, and one that led here, whose code
   * otherwise comes to nothing. Left out on a page that pins the script by `integrity`, its own links do not: they need a module of the
   * hub that this hash does not cover.
   * @default true
   */
  handoff?: boolean;
  /**
   * The longest that `loadCookie`, `saveCookie`, `clearCookie` and `cookieTest` take, in milliseconds.
   * @default 5000
   */
  timeoutMs?: number;
}

/** Called with whether the hub can use third-party cookies on this page. */
export type ThirdPartyCookieNotification = (isEnabled: boolean) => void;

export interface CookieProviderEventMap {
  /** `status` changed. */
  status: CustomEvent<CookieProviderStatus>;
  /**
   * The session changed after `loadCookie` had answered: the page's cookie already has the new value. `null`: the chat was
   * ended on another site.
   */
  session: CustomEvent<{ readonly value: string | null }>;
  /** The hub holds the page's session: after `saveCookie`, or later if the value had to wait. */
  saved: CustomEvent<null>;
}

/** Keeps one session cookie of this page in step with the hub. */
export declare class CookieProvider extends EventTarget {
  /**
   * Adds the hidden hub iframe as soon as the document has a `<body>`.
   *
   * @param SESSION_COOKIE_NAME the page's own cookie that holds the chat session
   * @param IFRAME_URL the hub's iframe page, e.g. `https://chat-hub.example/t/acme/iframe.html`
   * @param showThirdPartyCookieNotification called by `cookieTest` when that is given no callback of its own
   * @throws TypeError naming the argument that is wrong, and why
   */
  constructor(
    SESSION_COOKIE_NAME: string,
    IFRAME_URL: string,
    showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
    options?: CookieProviderOptions,
  );

  /** What the hub can do on this page now. Changes are announced by the `status` event. */
  readonly status: CookieProviderStatus;

  /**
   * Puts the hub's session into the page's cookie and resolves with it; with none on the hub, resolves with the page's own
   * session or `null`. A session of this page that the hub has never seen is a live chat: it wins, and is saved.
   *
   * Never rejects, and never takes longer than `timeoutMs`: await it, then start the chat.
   */
  loadCookie(): Promise<string | null>;

  /**
   * Copies the page's session cookie to the hub. Resolves with whether the hub holds it now. Without access yet the value
   * waits for its next chance, at the latest the next `loadCookie` with access; a `saved` event follows then. Never rejects.
   */
  saveCookie(): Promise<boolean>;

  /**
   * Forgets the session on this page and on the hub, so that the other sites forget it at their next load. Resolves with
   * whether the hub knows; if not, it is told at the next chance. Never rejects.
   */
  clearCookie(): Promise<boolean>;

  /**
   * Whether the hub can use third-party cookies on this page now. Cookies of a partitioned jar (Firefox) do not count.
   *
   * @param callback called with the answer, in place of the constructor's `showThirdPartyCookieNotification`
   */
  cookieTest(callback?: ThirdPartyCookieNotification): Promise<boolean>;

  /**
   * Shows the card, if there is something to ask: not with access, not where the browser offers none, and not once the visitor
   * has said "Not now" in this tab.
   */
  showCard(): void;

  /** Hides the card. */
  hideCard(): void;

  /**
   * Puts a one-time code into the fragment of a URL, so that the page there takes up this page's session: for navigations that
   * scripts make. Links and forms need no such call. The code is good for 60 s and one visit, by a link from this page.
   *
   * @returns the URL with the code; as it was, if its origin is not trusted or is this page's own, if there is no session, or
   *   if there is no code within 300 ms, for which it also waits while the session is on its way. Never rejects
   */
  decorate(url: string): Promise<string>;

  /** Removes the iframe and every listener. What is still waited for resolves at once, without the hub. */
  destroy(): void;

  addEventListener<Type extends keyof CookieProviderEventMap>(
    type: Type,
    listener: (this: CookieProvider, event: CookieProviderEventMap[Type]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** The part of Genesys Widgets' CXBus that the extension uses. */
export interface GenesysBus {
  registerPlugin(name: string): {
    subscribe(event: string, handler: () => unknown): void;
    republish(event: string): void;
    command(command: string, options?: Record<string, unknown>): unknown;
    registerCommand(
      name: string,
      handler: (call: { readonly deferred: { resolve(value: unknown): unknown } }) => unknown,
    ): void;
    /** Since Widgets 9.0.004.03. */
    ready?(): void;
  };
}

/** @see https://docs.genesys.com/Documentation/GWC/latest/CXWBusAPI/GWCGWCCXBusExtensions */
export type GenesysWidgetsExtension = ($: unknown, CXBus: GenesysBus, Common: unknown) => void;

/**
 * Makes an extension for Genesys Widgets: `window._genesys.widgets.extensions["CookieProvider"] = initCookieProviderExtension(…)`.
 *
 * On the bus it is the plugin `CookieProvider`. It runs `cookieTest`, loads the session, saves it on `WebChat.started` and
 * whenever it changes, clears it on `WebChat.completed` and `WebChatService.ended`, and restores the chat when a session
 * arrives after Widgets has looked for one. It publishes `CookieProvider.ready` once the session is loaded, and registers
 * the commands `load`, `save` and `clear`, which resolve as the methods of `CookieProvider` do.
 *
 * Takes what the constructor of `CookieProvider` takes.
 * @throws TypeError naming the argument that is wrong, and why, when Widgets calls the extension
 */
export declare function initCookieProviderExtension(
  SESSION_COOKIE_NAME: string,
  IFRAME_URL: string,
  showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
  options?: CookieProviderOptions,
): GenesysWidgetsExtension;

type CookieProviderClass = typeof CookieProvider;
type InitCookieProviderExtension = typeof initCookieProviderExtension;

/** What the plain script, `/cookie-provider.min.js`, defines. */
declare global {
  var CookieProvider: CookieProviderClass;
  var initCookieProviderExtension: InitCookieProviderExtension;
}
