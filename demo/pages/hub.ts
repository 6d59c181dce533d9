/**
 * This page's side of Carryover, the whole of it: make a provider, load before the chat, save after it has begun, clear
 * when it is over. main.ts does the latter three.
 */
import type { CookieProvider as Provider, CookieProviderStatus } from "../../client/cookie-provider.d.ts";
import { SESSION_COOKIE_NAME } from "../protocol/session-id.ts";

export type Hub = Pick<Provider, "status" | "loadCookie" | "saveCookie" | "clearCookie">;

export interface HubListener {
  onStatus(status: CookieProviderStatus): void;
  /** The session has changed after `loadCookie` had answered; the page's cookie is the new one already. */
  onSession(): void;
  onSaved(): void;
  onThirdPartyCookies(isEnabled: boolean): void;
}

export function connectHub(iframeUrl: string, listener: HubListener): Hub {
  // The hub's script did not load: the chat works all the same, on this shop alone.
  if (typeof CookieProvider === "undefined") return NO_HUB;
  const hub = new CookieProvider(SESSION_COOKIE_NAME, iframeUrl, (isEnabled) =>
    listener.onThirdPartyCookies(isEnabled),
  );
  hub.addEventListener("status", ({ detail }) => listener.onStatus(detail));
  hub.addEventListener("session", () => listener.onSession());
  hub.addEventListener("saved", () => listener.onSaved());
  void hub.cookieTest();
  return hub;
}

const NO_HUB: Hub = {
  status: { access: "unreachable", reason: "The hub's script did not load." },
  loadCookie: async () => null,
  saveCookie: async () => false,
  clearCookie: async () => false,
};
