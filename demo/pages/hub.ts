/**
 * This page's side of Carryover, the whole of it: make a provider, load before the chat, save after it has begun,
 * clear when it is over. Without the hub's script every call answers at once and the chat works on this shop alone.
 */
import { SESSION_COOKIE_NAME } from "../protocol/session-id.ts";

const NO_SCRIPT: CookieProviderStatus = { access: "unreachable", reason: "the hub's script did not load" };

export interface HubListener {
  onStatus(status: CookieProviderStatus): void;
  /** A session that arrived after `load` had answered. */
  onSession(session: unknown): void;
  onSaved(): void;
  onThirdPartyCookies(isEnabled: boolean): void;
}

export interface Hub {
  load(): Promise<void>;
  save(): Promise<boolean>;
  clear(): Promise<boolean>;
  status(): CookieProviderStatus;
}

export function connectHub(iframeUrl: string, listener: HubListener): Hub {
  const cookieProvider = createProvider(iframeUrl, listener);
  if (cookieProvider === undefined) {
    return {
      load: async () => {},
      save: async () => false,
      clear: async () => false,
      status: () => NO_SCRIPT,
    };
  }
  cookieProvider.addEventListener("status", () => listener.onStatus(cookieProvider.status));
  cookieProvider.addEventListener("saved", () => listener.onSaved());
  cookieProvider.addEventListener("session", (event) => listener.onSession(sessionOf(event)));
  return {
    load: async () => {
      await cookieProvider.loadCookie();
      void cookieProvider.cookieTest();
    },
    save: () => cookieProvider.saveCookie(),
    clear: () => cookieProvider.clearCookie(),
    status: () => cookieProvider.status,
  };
}

function createProvider(iframeUrl: string, listener: HubListener): CookieProvider | undefined {
  if (typeof CookieProvider === "undefined") return undefined;
  try {
    return new CookieProvider(SESSION_COOKIE_NAME, iframeUrl, (isEnabled) => listener.onThirdPartyCookies(isEnabled));
  } catch (error) {
    // A wrong address is our own mistake; the visitor still gets a chat.
    console.error(error);
    return undefined;
  }
}

function sessionOf(event: Event): unknown {
  const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
  return typeof detail === "object" && detail !== null && "value" in detail ? detail.value : undefined;
}
