import { DEFAULT_TIMEOUT_MS } from "../../protocol/limits.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import { checkArguments } from "./check-arguments.ts";
import { type HubConnection, connectHub } from "./hub-connection.ts";
import { type LastExchange, createLastExchange } from "./last-exchange.ts";
import { type PageCookie, createPageCookie } from "./page-cookie.ts";

/** Keeps one session cookie of this page in step with the hub. Its members are documented in ../cookie-provider.d.ts. */
export class CookieProvider extends EventTarget implements PublicCookieProvider {
  readonly #cookie: PageCookie;
  readonly #lastExchange: LastExchange;
  readonly #hub: HubConnection;
  readonly #notification: ThirdPartyCookieNotification | undefined;
  readonly #timeoutMs: number;
  #status: CookieProviderStatus | undefined;
  #warned = false;
  /** Calls of `loadCookie` that have not answered yet: they report a new session themselves, no event is due. */
  #loading = 0;
  /** Settles when the hub turns out to be out of reach: nobody waits for it then. */
  #lost!: Promise<void>;
  #giveUp: (() => void) | undefined;

  constructor(
    SESSION_COOKIE_NAME: string,
    IFRAME_URL: string,
    showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
    options: CookieProviderOptions = {},
  ) {
    super();
    const url = checkArguments(SESSION_COOKIE_NAME, IFRAME_URL, showThirdPartyCookieNotification, options);
    this.#cookie = createPageCookie(SESSION_COOKIE_NAME, options.cookie);
    this.#lastExchange = createLastExchange(SESSION_COOKIE_NAME);
    this.#notification = showThirdPartyCookieNotification;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#expectHub();
    this.#hub = connectHub(url, SESSION_COOKIE_NAME, (status) => this.#stand(status));
  }

  get status(): CookieProviderStatus {
    return this.#status ?? { access: "unreachable", reason: "No answer yet." };
  }

  async loadCookie(): Promise<string | null> {
    this.#loading++;
    const session = await this.#within(this.#load(), () => this.#cookie.read());
    this.#loading--;
    return session;
  }

  async saveCookie(): Promise<boolean> {
    const session = this.#cookie.read();
    return session !== null && this.#within(this.#save(session), () => false);
  }

  async clearCookie(): Promise<boolean> {
    this.#cookie.show(null);
    return this.#within(this.#clear(), () => false);
  }

  cookieTest(callback = this.#notification): Promise<boolean> {
    const test = this.#hub.ask({ type: "test" }).then(({ ok }) => ok);
    const isEnabled = this.#within(test, () => false);
    // Called first, and apart: the page's own mistake in it must not keep its chat from starting.
    void isEnabled.then(callback);
    return isEnabled;
  }

  destroy(): void {
    this.#hub.destroy();
    this.#warned = true;
    this.#stand({ access: "unreachable", reason: "Destroyed." });
  }

  async #load(): Promise<string | null> {
    const page = this.#cookie.read();
    const answer = await this.#hub.ask({ type: "load", session: page, ...this.#lastExchange.recall() });
    // A chat began or ended meanwhile: ask again.
    if (this.#cookie.read() !== page) return this.#load();
    const { session, digest, owed, ok } = answer;
    this.#cookie.show(session);
    if (!owed) this.#lastExchange.remember(digest);
    else if (ok) void (session === null ? this.#clear() : this.#save(session));
    if (session !== page && !this.#loading) this.#dispatch("session", { value: session });
    return session;
  }

  async #save(session: string): Promise<boolean> {
    const answer = await this.#hub.ask({ type: "save", session });
    if (answer.ok) {
      this.#lastExchange.remember(answer.digest);
      this.#dispatch("saved", null);
    }
    return answer.ok;
  }

  async #clear(): Promise<boolean> {
    this.#lastExchange.markEnded();
    const { ok, digest } = await this.#hub.ask({ type: "clear" });
    if (ok) this.#lastExchange.remember(digest);
    return ok;
  }

  #stand(status: CookieProviderStatus): void {
    const isNews = JSON.stringify(status) !== JSON.stringify(this.#status);
    this.#status = status;
    if (status.access !== "unreachable" && status.access !== "untrusted") {
      if (!this.#giveUp) this.#expectHub();
    } else {
      this.#giveUp?.();
      this.#giveUp = undefined;
      if (!this.#warned) console.warn(`Carryover: the chat stays on this site. ${status.reason}`);
      this.#warned = true;
    }
    if (isNews) this.#dispatch("status", status);
  }

  #expectHub(): void {
    this.#lost = new Promise((resolve) => (this.#giveUp = resolve));
  }

  /** Resolves with the hub's word; without it after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  #within<Value>(word: Promise<Value>, otherwise: () => Value): Promise<Value> {
    const timeout = new Promise<void>((resolve) =>
      setTimeout(() => {
        if (!this.#status) {
          this.#stand({ access: "unreachable", reason: `The hub did not answer within ${this.#timeoutMs} ms.` });
        }
        resolve();
      }, this.#timeoutMs),
    );
    return Promise.race([word, Promise.race([this.#lost, timeout]).then(otherwise)]);
  }

  #dispatch<Type extends keyof CookieProviderEventMap>(
    type: Type,
    detail: CookieProviderEventMap[Type]["detail"],
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
