import { DEFAULT_TIMEOUT_MS, LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import type { PageOrder, PageState } from "../../protocol/messages.ts";
import { ENDED, LINKED, NOTED, SHARED } from "../../session/base.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import type { Carrying, carry } from "../links/links.ts";
import { arrivedCodes, arrivedSessions, script } from "./arrival.ts";
import { createBaseCookie } from "./base-cookie.ts";
import { checkArguments } from "./check-arguments.ts";
import { connectHub } from "./hub-connection.ts";
import { createPageCookie } from "./page-cookie.ts";

/** Written in by scripts/build.ts. */
declare const VERSION: string;

/** Cookies for which the codes of this page view have been used. */
const spent = new Set<string>();

/** What is asked, without what the page has: that is added. */
type Order = PageOrder extends infer One ? (One extends PageOrder ? Omit<One, keyof PageState> : never) : never;

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
    /** Clears of this page that the hub has not confirmed: what it says meanwhile may be about to end. */
    let ending: Promise<unknown> | undefined;
    /** The session that the page had last: a chat that ends may have removed its cookie itself. */
    let last = "";
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
      {
        onStatus: (status, isLost) => {
          if (isLost && !warned) {
            warned = true;
            console.warn(`Carryover: the chat stays on this site. ${status.reason}`);
          }
          const isNews = status.reason !== this.status.reason;
          this.status = status;
          if (isNews) dispatch("status", status);
        },
        onMessage: (message, request): unknown => {
          ({ links } = message);
          scope ??= message.scope;
          if (message.type === "changed") return load();
          const isUnchanged = cookie.read() === (request?.session ?? "") && base.read() === (request?.base ?? "");
          if (message.type === "loaded") {
            const { session } = message;
            if (request) {
              // A chat began or ended meanwhile: ask again.
              if (!isUnchanged) return load();
              if (ending) return ending.then(load);
              spend();
            } else if (!loading.size || codes || ending || !isUnchanged) {
              // Hello's. There is something that could win over it: the hub is asked.
              return undefined;
            }
            cookie.show((last = session), scope);
            base.write(message.base);
            if (!request && cookie.read()) for (const answer of loading) answer(0);
            if (message.pending) void ask({ type: "repair" });
            if (session !== request?.session && !loading.size) dispatch("session", { value: session || null });
          } else if (message.type === "answered" && request) {
            if (isUnchanged) base.write(message.base);
            else if (message.saved) base.learn(request.session, SHARED);
            if (message.code) base.learn(request.session, LINKED);
          }
          if ("saved" in message && message.saved) dispatch("saved", null);
          // By its hash the page has agreed to no other script of the hub.
          if (links && (handoff ?? !script?.integrity) && cookie.read()) carrying ??= startCarrying();
          return undefined;
        },
        onReload: load,
      },
    );
    const base = createBaseCookie(url, SESSION_COOKIE_NAME);
    const cookie = createPageCookie(SESSION_COOKIE_NAME, options.cookie, base.ageOf);
    const ask = async (order: Order) => {
      const session = cookie.read();
      // Its end can then be told, whatever becomes of what is asked now.
      if (session) base.learn((last = session), NOTED);
      const answer = await hub.ask({ session, base: base.read(), ...order });
      return answer?.type === "answered" ? answer : undefined;
    };
    const isDone = async (order: Order) => !!(await ask(order))?.done;
    const orderCard = (show: boolean) => () => void ask({ type: "card", show });

    /** What a link has brought is decided on, for every provider of this cookie on the page. */
    function spend(): void {
      codes = "";
      spent.add(SESSION_COOKIE_NAME);
    }

    async function load() {
      await cookie.refuseWider();
      return ask({ type: "load", codes, arrived: codes && (await arrivedSessions) });
    }

    async function mint(to: string): Promise<string> {
      const session = cookie.read();
      const answer = await ask({ type: "mint", to });
      // An older session must not arrive where the hub has brought the newer one.
      return cookie.read() === session ? (answer?.code ?? "") : mint(to);
    }

    function startCarrying(): Promise<Carrying | void> {
      return (
        import(`${url.origin}/v/${VERSION}/links.mjs`)
          .then((module: { readonly carry: typeof carry }) =>
            module.carry({
              of: url.href + SESSION_COOKIE_NAME,
              links: () => links,
              session: cookie.read,
              mint,
            }),
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
        return !!session && (await isDone({ type: "save" })) && cookie.read() === session;
      },
      async clearCookie() {
        spend();
        const session = cookie.read() || last;
        if (session) base.learn(session, ENDED);
        cookie.show((last = ""));
        const isCleared = isDone({ type: "clear" });
        const mine = (ending = isCleared.then(() => {
          if (ending === mine) ending = undefined;
        }));
        return isCleared;
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
        const ready = async () => {
          // The session may be on its way, as may be the hub's word on where it may go.
          if (!carrying) await load();
          return carrying;
        };
        return (await Promise.race([ready(), late]))?.decorate(written) ?? written;
      },
      destroy() {
        warned = true;
        hub.destroy();
        void carrying?.then((links) => links?.stop());
      },
    } satisfies Methods);
  }
}
