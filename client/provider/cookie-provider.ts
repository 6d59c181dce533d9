import { DEFAULT_TIMEOUT_MS } from "../../protocol/limits.ts";
import type { Loaded } from "../../protocol/messages.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import { checkArguments } from "./check-arguments.ts";
import { HubConnection } from "./hub-connection.ts";
import { LastExchange, digestOf } from "./last-exchange.ts";
import { PageCookie } from "./page-cookie.ts";

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
  /** Ends the waiting of each call for a hub that turns out to be out of reach. */
  readonly #giveUps = new Set<() => void>();

  constructor(
    SESSION_COOKIE_NAME: string,
    IFRAME_URL: string,
    showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
    options: CookieProviderOptions = {},
  ) {
    super();
    const url = checkArguments(SESSION_COOKIE_NAME, IFRAME_URL, showThirdPartyCookieNotification, options);
    this.#cookie = new PageCookie(SESSION_COOKIE_NAME, options.cookie);
    this.#lastExchange = new LastExchange(SESSION_COOKIE_NAME);
    this.#notification = showThirdPartyCookieNotification;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#hub = new HubConnection(url, SESSION_COOKIE_NAME, (status) => this.#stand(status));
  }

  get status(): CookieProviderStatus {
    return this.#status ?? { access: "unreachable", reason: "The hub has not answered yet." };
  }

  async loadCookie(): Promise<string | null> {
    this.#loading++;
    try {
      return await this.#within(this.#load(), () => this.#cookie.read());
    } finally {
      this.#loading--;
    }
  }

  async saveCookie(): Promise<boolean> {
    const session = this.#cookie.read();
    return session !== null && this.#within(this.#save(session), () => false);
  }

  async clearCookie(): Promise<boolean> {
    const session = this.#cookie.read();
    this.#cookie.remove();
    return this.#within(this.#clear(session), () => false);
  }

  async cookieTest(callback = this.#notification): Promise<boolean> {
    const isEnabled = await this.#within(
      this.#hub.ask({ type: "test" }).then(({ access }) => access === "granted"),
      () => false,
    );
    try {
      callback?.(isEnabled);
    } catch (error) {
      reportError(error); // The page's own mistake must not keep its chat from starting.
    }
    return isEnabled;
  }

  destroy(): void {
    this.#hub.destroy();
    this.#warned = true;
    this.#stand({ access: "unreachable", reason: "This CookieProvider was destroyed." });
  }

  async #load(): Promise<string | null> {
    const answer = await this.#hub.ask({ type: "load" });
    return answer.type === "loaded" ? this.#merge(answer) : this.#cookie.read();
  }

  /**
   * Decides which session wins, the page's or the hub's, and brings the page in line.
   *
   * A page session that differs from the one last exchanged with the hub was never seen there: it is a live chat, and wins.
   * Otherwise the hub's session or tombstone does.
   */
  async #merge(hub: Loaded): Promise<string | null> {
    const page = this.#cookie.read();
    const [pageDigest, hubDigest] = await Promise.all([digestOf(page), digestOf(hub.value)]);
    // A chat began or ended meanwhile: think again.
    if (this.#cookie.read() !== page) return this.#merge(hub);

    const last = this.#lastExchange.get();
    if (page !== null && page !== hub.value && pageDigest !== last?.digest) {
      if (hub.access === "granted") void this.#save(page);
      return this.#show(page, page);
    }
    if (hub.value !== null && hubDigest === last?.digest && last.ended) {
      void this.#clear(hub.value);
      return this.#show(null, page);
    }
    if (hub.value !== null) {
      this.#lastExchange.set(hubDigest);
      return this.#show(hub.value, page);
    }
    if (hub.endedAt !== null) {
      this.#lastExchange.forget();
      return this.#show(null, page);
    }
    return this.#show(page, page);
  }

  /** Makes the session the one visible cookie of its name, or none, and tells the page if that is news to it. */
  #show(session: string | null, before: string | null): string | null {
    if (session === null) this.#cookie.remove();
    else this.#cookie.write(session);
    if (session !== before && !this.#loading) this.#dispatch("session", { value: session });
    return session;
  }

  async #save(session: string): Promise<boolean> {
    const [answer, digest] = await Promise.all([this.#hub.ask({ type: "save", value: session }), digestOf(session)]);
    if (answer.type !== "done" || !answer.ok) return false;
    this.#lastExchange.set(digest);
    this.#dispatch("saved", null);
    return true;
  }

  async #clear(session: string | null): Promise<boolean> {
    // Asked before anything is awaited: a session that is saved right after must not be overtaken.
    const asked = this.#hub.ask({ type: "clear" });
    const digest = session === null ? this.#lastExchange.get()?.digest : await digestOf(session);
    // Remembered until the hub knows: its old copy would come back at the next load.
    if (digest) this.#lastExchange.set(digest, true);
    const answer = await asked;
    if (answer.type !== "done" || !answer.ok) return false;
    if (this.#lastExchange.get()?.digest === digest) this.#lastExchange.forget();
    return true;
  }

  #stand(status: CookieProviderStatus): void {
    const { access, reason } = this.status;
    const isNews = !this.#status || access !== status.access || reason !== status.reason;
    this.#status = status;
    if (this.#isOutOfReach()) {
      for (const giveUp of this.#giveUps) giveUp();
      if (!this.#warned) console.warn(`Carryover: the chat session is not shared with this page. ${status.reason}`);
      this.#warned = true;
    }
    if (isNews) this.#dispatch("status", status);
  }

  #isOutOfReach(): boolean {
    return this.#status?.access === "unreachable" || this.#status?.access === "untrusted";
  }

  /** Resolves with the hub's word; without it after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  async #within<Value>(word: Promise<Value>, otherwise: () => Value): Promise<Value> {
    const { promise: givenUp, resolve: giveUp } = withResolvers();
    const timer = setTimeout(() => {
      if (!this.#status) this.#stand({ access: "unreachable", reason: `The hub did not answer within ${this.#timeoutMs} ms.` });
      giveUp();
    }, this.#timeoutMs);
    this.#giveUps.add(giveUp);
    if (this.#isOutOfReach()) giveUp();
    try {
      return await Promise.race([word, givenUp.then(otherwise)]);
    } catch {
      return otherwise();
    } finally {
      clearTimeout(timer);
      this.#giveUps.delete(giveUp);
    }
  }

  #dispatch<Type extends keyof CookieProviderEventMap>(type: Type, detail: CookieProviderEventMap[Type]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** `Promise.withResolvers`, which browsers have since 2024 only. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
