/** What the hub's script puts on the page, as far as this demo uses it. `undefined` when the hub cannot be reached. */
interface CookieProviderStatus {
  readonly access: "granted" | "promptable" | "blocked" | "unreachable" | "untrusted";
  readonly reason: string;
}

interface CookieProvider extends EventTarget {
  readonly status: CookieProviderStatus;
  loadCookie(): Promise<string | null>;
  saveCookie(): Promise<boolean>;
  clearCookie(): Promise<boolean>;
  cookieTest(callback?: (isEnabled: boolean) => void): Promise<boolean>;
  destroy(): void;
}

declare const CookieProvider:
  | (new (
      sessionCookieName: string,
      iframeUrl: string,
      showThirdPartyCookieNotification?: (isEnabled: boolean) => void,
    ) => CookieProvider)
  | undefined;
