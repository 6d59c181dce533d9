import { DEFAULT_TIMEOUT_MS, LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import type { PageOrder } from "../../protocol/messages.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import type { Carrying, carry } from "../links/links.ts";
import { arrivedCodes, arrivedSessions, script } from "./arrival.ts";
import { checkArguments } from "./check-arguments.ts";
import { connectHub } from "./hub-connection.ts";
import { createLastExchange } from "./last-exchange.ts";
import { createPageCookie } from "./page-cookie.ts";

/** Written in by scripts/build.ts. */
declare const VERSION: string;

/** Cookies for which the codes of this page view have been used. */
const spent = new Set<string>();

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
  declare readonly decorate: Methods["decorate"];
  declare readonly destroy: Methods["destroy"];

  constructor(
    SESSION_COOKIE_NAME: string,
    IFRAME_URL: string,
    showThirdPartyCookieNotification?: ThirdPartyCookieNotification,
    options: CookieProviderOptions = {},
    /** What the domain of the session cookie must end in; the hub says it, if it is left out. */
    scope?: string,
  ) {
    super();
    const url = checkArguments(SESSION_COOKIE_NAME, IFRAME_URL, showThirdPartyCookieNotification, options);
    const { timeoutMs = DEFAULT_TIMEOUT_MS, card, locale, handoff } = options;
    /** Codes that a link has brought, until the hub has heard of them. */
    let codes = handoff === false || spent.has(SESSION_COOKIE_NAME) ? "" : arrivedCodes;
    let links = "";
    /** What lets links carry the session, once there is one. */
    let carrying: Promise<Carrying | void> | undefined;
    let warned = false;
    /** Calls of `loadCookie` that have not answered yet: they report a new session themselves, no event is due. */
    const loading = new Set<(_: unknown) => void>();
    this.status = { access: "unreachable", reason: "No answer yet." };
    const dispatch = <Type extends keyof CookieProviderEventMap>(
      type: Type,
      detail: CookieProviderEventMap[Type]["detail"],
    ) => this.dispatchEvent(new CustomEvent(type, { detail }));

    const hub = connectHub(
      url,
      timeoutMs,
      {
        type: "carryover:connect",
        name: SESSION_COOKIE_NAME,
        card,
        locale,
        url: location.href,
        referrer: document.referrer,
      },
      (access, reason, isLost) => {
        if (isLost && !warned) {
          warned = true;
          console.warn(`Carryover: the chat stays on this site. ${reason}`);
        }
        const isNews = reason !== this.status.reason;
        this.status = { access, reason };
        if (isNews) dispatch("status", this.status);
      },
      (report, request): unknown => {
        const { session, memory } = report;
        scope ??= report.scope;
        const isLoaded = request?.type === "load";
        if (isLoaded) {
          spend();
          // A chat began or ended meanwhile: ask again.
          if (cookie.read() !== request.session || lastExchange.recall() !== request.memory) return load();
          cookie.show(session, scope);
        } else if (session) {
          // Hello. Where there is anything that could win over it, the hub is asked.
          if (!loading.size || codes + cookie.read() + lastExchange.recall()) return;
          cookie.show(session, scope);
          if (cookie.read()) for (const answer of loading) answer(0);
        }
        // By its hash the page has agreed to no other script of the hub.
        if ((handoff ?? !script?.integrity) && (links = report.links) && cookie.read()) carrying ??= startCarrying();
        if (memory) lastExchange.remember(memory);
        if (report.saved) dispatch("saved", null);
        if (isLoaded && session !== request.session && !loading.size) dispatch("session", { value: session || null });
        return report.news && load();
      },
      load,
    );
    const cookie = createPageCookie(SESSION_COOKIE_NAME, options.cookie);
    const lastExchange = createLastExchange(SESSION_COOKIE_NAME);
    const pageState = () => ({ session: cookie.read(), memory: lastExchange.recall() });
    const isDone = async (order: PageOrder) => !!(await hub.ask(order))?.ok;
    const orderCard = (show: boolean) => () => void hub.ask({ type: "card", show });

    /** What a link has brought is decided on, for every provider of this cookie on the page. */
    function spend(): void {
      codes = "";
      spent.add(SESSION_COOKIE_NAME);
    }

    async function load() {
      await cookie.refuseWider();
      return hub.ask({ type: "load", ...pageState(), codes, arrived: codes && (await arrivedSessions) });
    }

    function startCarrying(): Promise<Carrying | void> {
      return (
        import(`${url.origin}/v/${VERSION}/links.mjs`)
          .then((module: { readonly carry: typeof carry }) =>
            module.carry({ links: () => links, pageState, ask: hub.ask }),
          )
          // The browser has said why, such as the page's CSP. Links are links then.
          .catch(() => {})
      );
    }

    Object.assign(this, {
      async loadCookie() {
        let answer: (_: unknown) => void = () => {};
        await new Promise<unknown>((resolve) => {
          loading.add((answer = resolve));
          void load().then(resolve);
          setTimeout(() => {
            // Nor does another call wait for what a link should have brought.
            codes = "";
            resolve(0);
          }, timeoutMs);
        });
        loading.delete(answer);
        return cookie.read() || null;
      },
      async saveCookie() {
        await cookie.refuseWider();
        const session = cookie.read();
        return !!session && isDone({ type: "save", session });
      },
      async clearCookie() {
        spend();
        cookie.show("");
        lastExchange.markEnded();
        return isDone({ type: "clear" });
      },
      cookieTest(callback = showThirdPartyCookieNotification) {
        const isEnabled = isDone({ type: "test" });
        // Called first, and apart: the page's own mistake in it must not keep its chat from starting.
        void isEnabled.then(callback);
        return isEnabled;
      },
      showCard: orderCard(true),
      hideCard: orderCard(false),
      async decorate(written) {
        const late = new Promise<void>((resolve) => setTimeout(resolve, LINK_PATIENCE_MS));
        return (await Promise.race([carrying, late]))?.decorate(written) ?? written;
      },
      destroy() {
        warned = true;
        hub.destroy();
        void carrying?.then((links) => links?.stop());
      },
    } satisfies Methods);
  }
}
