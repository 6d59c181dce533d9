import type {
  CookieProviderOptions,
  CookieProvider as PublicCookieProvider,
  GenesysWidgetsExtension,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import { CookieProvider } from "../provider/cookie-provider.ts";
import { createPageCookie } from "../provider/page-cookie.ts";

/**
 * Makes a Genesys Widgets extension that carries the chat's session cookie. Documented in ../cookie-provider.d.ts; the bus in
 * https://all.docs.genesys.com/WID/Current/SDK/GWCBusAPIOverview
 */
export function initCookieProviderExtension(
  SESSION_COOKIE_NAME: string,
  IFRAME_URL: string,
  showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
  options?: CookieProviderOptions,
): GenesysWidgetsExtension {
  return (_jQuery, bus) => {
    const plugin = bus.registerPlugin("CookieProvider");
    const [read] = createPageCookie(SESSION_COOKIE_NAME);
    const provider: Pick<PublicCookieProvider, "addEventListener"> & CookieProvider = new CookieProvider(
      SESSION_COOKIE_NAME,
      IFRAME_URL,
      showThirdPartyCookieNotification,
      options,
      // Any domain: Widgets itself writes the session cookie for the registrable one.
      "",
    );
    const { loadCookie: load, clearCookie: clear } = provider;
    // Subscribed to before the plugins start, so it cannot be missed.
    const chatIsReady = new Promise<void>((resolve) => plugin.subscribe("WebChatService.ready", resolve));
    // What the page has from the start is the provider's to weigh against the hub's: only later changes are saved.
    let exchanged = read();

    const save = () => {
      exchanged = read();
      return provider.saveCookie();
    };

    /** Widgets looks for a session as the page loads, which may be earlier than the hub answers. */
    async function restore(session: string): Promise<void> {
      exchanged = session;
      if (!session) return;
      await chatIsReady;
      plugin.command("WebChatService.restore", { async: true, sessionData: decode(session) });
    }

    for (const event of [
      "WebChat.started",
      "WebChatService.started",
      "WebChatService.restored",
      "WebChatService.messageReceived",
    ]) {
      // There is no event for a changed session, so it is compared wherever it can have changed.
      plugin.subscribe(event, () => {
        if (read() !== exchanged) void save();
      });
    }
    if (options?.card !== "manual") plugin.subscribe("WebChat.opened", provider.showCard);
    for (const event of ["WebChat.completed", "WebChatService.ended"]) plugin.subscribe(event, clear);
    provider.addEventListener("session", ({ detail }) => void restore(detail.value ?? ""));

    for (const [name, run] of Object.entries({ load, save, clear })) {
      plugin.registerCommand(name, async ({ deferred }) => deferred.resolve(await run()));
    }

    void provider.cookieTest();
    void load().then((session) => {
      if ((session ?? "") !== exchanged) void restore(session ?? "");
      plugin.republish("ready");
    });
    plugin.ready?.();
  };
}

/** What js-cookie, which Widgets hands to the page's own functions, would read. */
function decode(session: string): string {
  return session.replace(/(%[\dA-F]{2})+/gi, decodeURIComponent);
}
