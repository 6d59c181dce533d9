import { DEFAULT_TIMEOUT_MS } from "../../protocol/limits.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import { checkArguments } from "./check-arguments.ts";
import { connectHub } from "./hub-connection.ts";
import { createLastExchange } from "./last-exchange.ts";
import { createPageCookie } from "./page-cookie.ts";

type Methods = Omit<PublicCookieProvider, keyof EventTarget | "status">;

/**
 * Keeps one session cookie of this page in step with the hub. Its members are documented in ../cookie-provider.d.ts; they are
 * closures, for private fields would cost every visitor more bytes.
 */
export class CookieProvider extends EventTarget {
  declare status: CookieProviderStatus;
  declare readonly loadCookie: Methods["loadCookie"];
  declare readonly saveCookie: Methods["saveCookie"];
  declare readonly clearCookie: Methods["clearCookie"];
  declare readonly cookieTest: Methods["cookieTest"];
  declare readonly showCard: Methods["showCard"];
  declare readonly hideCard: Methods["hideCard"];
  declare readonly destroy: Methods["destroy"];

  constructor(
    SESSION_COOKIE_NAME: string,
    IFRAME_URL: string,
    showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
    options: CookieProviderOptions = {},
  ) {
    super();
    const url = checkArguments(SESSION_COOKIE_NAME, IFRAME_URL, showThirdPartyCookieNotification, options);
    const { timeoutMs = DEFAULT_TIMEOUT_MS, card = "auto", locale = "" } = options;
    const cookie = createPageCookie(SESSION_COOKIE_NAME, options.cookie);
    const lastExchange = createLastExchange(SESSION_COOKIE_NAME);
    let isHeard = false;
    let warned = false;
    /** Calls of `loadCookie` that have not answered yet: they report a new session themselves, no event is due. */
    let loading = 0;
    /** Settles when the hub turns out to be out of reach: nobody waits for it then. */
    let lost: Promise<void>;
    let giveUp: (() => void) | undefined;
    expectHub();
    this.status = { access: "unreachable", reason: "No answer yet." };
    const dispatch = <Type extends keyof CookieProviderEventMap>(
      type: Type,
      detail: CookieProviderEventMap[Type]["detail"],
    ) => this.dispatchEvent(new CustomEvent(type, { detail }));

    const stand = (status: CookieProviderStatus) => {
      const isNews = JSON.stringify(status) !== JSON.stringify(this.status);
      this.status = status;
      isHeard = true;
      if (status.access !== "unreachable" && status.access !== "untrusted") {
        if (!giveUp) expectHub();
      } else {
        giveUp?.();
        giveUp = undefined;
        if (!warned) console.warn(`Carryover: the chat stays on this site. ${status.reason}`);
        warned = true;
      }
      if (isNews) dispatch("status", status);
    };

    const hub = connectHub(
      url,
      {
        type: "carryover:connect",
        name: SESSION_COOKIE_NAME,
        card,
        locale,
        referrer: document.referrer,
      },
      stand,
      load,
    );

    async function load(): Promise<string | null> {
      const page = cookie.read();
      const last = lastExchange.recall();
      const { session, digest, owed, ok } = await hub.ask({ type: "load", session: page, ...last });
      // A chat began or ended meanwhile: ask again.
      if (cookie.read() !== page) return load();
      cookie.show(session);
      if (owed) {
        if (ok) void (session === null ? clear() : save(session));
      } else {
        lastExchange.remember(digest);
        // Saved otherwise than by `save`: in the popup, where it had waited for the visitor.
        if (session === page && digest !== last.lastDigest) dispatch("saved", null);
      }
      if (session !== page && !loading) dispatch("session", { value: session });
      return session;
    }

    async function save(session: string): Promise<boolean> {
      const { ok, digest } = await hub.ask({ type: "save", session });
      if (ok) {
        lastExchange.remember(digest);
        dispatch("saved", null);
      }
      return ok;
    }

    async function clear(): Promise<boolean> {
      lastExchange.markEnded();
      const { ok, digest } = await hub.ask({ type: "clear" });
      if (ok) lastExchange.remember(digest);
      return ok;
    }

    function expectHub(): void {
      lost = new Promise((resolve) => (giveUp = resolve));
    }

    /** Resolves with the hub's word; without it after `timeoutMs`, or as soon as the hub is known to be out of reach. */
    function within<Value>(word: Promise<Value>, otherwise: () => Value): Promise<Value> {
      const timeout = new Promise<void>((resolve) =>
        setTimeout(() => {
          if (!isHeard) stand({ access: "unreachable", reason: `No answer within ${timeoutMs} ms.` });
          resolve();
        }, timeoutMs),
      );
      return Promise.race([word, Promise.race([lost, timeout]).then(otherwise)]);
    }

    const isFalse = () => false;
    const orderCard = (show: boolean) => () => void hub.ask({ type: "card", show });

    Object.assign(this, {
      async loadCookie() {
        loading++;
        const session = await within(load(), () => cookie.read());
        loading--;
        return session;
      },
      async saveCookie() {
        const session = cookie.read();
        return session !== null && within(save(session), isFalse);
      },
      async clearCookie() {
        cookie.show(null);
        return within(clear(), isFalse);
      },
      cookieTest(callback = showThirdPartyCookieNotification) {
        const test = hub.ask({ type: "test" }).then(({ ok }) => ok);
        const isEnabled = within(test, isFalse);
        // Called first, and apart: the page's own mistake in it must not keep its chat from starting.
        void isEnabled.then(callback);
        return isEnabled;
      },
      showCard: orderCard(true),
      hideCard: orderCard(false),
      destroy() {
        hub.destroy();
        warned = true;
        stand({ access: "unreachable", reason: "Destroyed." });
      },
    } satisfies Methods);
  }
}
