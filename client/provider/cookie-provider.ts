import { DEFAULT_TIMEOUT_MS, LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import { type PageOrder, type PageState, fieldsOf } from "../../protocol/messages.ts";
import { ENDED, LINKED, NOTED } from "../../session/base.ts";
import type {
  CookieProviderEventMap,
  CookieProviderOptions,
  CookieProviderStatus,
  CookieProvider as PublicCookieProvider,
  ThirdPartyCookieNotification,
} from "../cookie-provider.d.ts";
import type { Carrying, carry } from "../links/links.ts";
import { isPage, ofDocument } from "../page-document.ts";
import { sleep } from "../sleep.ts";
import { activated } from "./activation.ts";
import { arrival, redeemArrival, script, spendArrival, spent, takeArrival } from "./arrival.ts";
import { createBaseCookie } from "./base-cookie.ts";
import { checkArguments } from "./check-arguments.ts";
import { askEarly, canAskEarly } from "./early-lane.ts";
import { connectHub } from "./hub-connection.ts";
import { createPageCookie } from "./page-cookie.ts";
import { isWorthWaiting } from "./patience.ts";

/** Written in by scripts/build.ts. */
declare const VERSION: string;

/** What is asked, without what the page has: that is added. */
type Order = PageOrder extends infer One ? (One extends PageOrder ? Omit<One, keyof PageState> : never) : never;

type Methods = {
  readonly [Name in Exclude<keyof PublicCookieProvider, keyof EventTarget | "status">]: Closure<
    PublicCookieProvider[Name]
  >;
};

type Closure<Method> = Method extends (...given: infer Given) => infer Result
  ? (this: void, ...given: Given) => Result
  : never;

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
    if (!isPage) throw new TypeError("CookieProvider needs a browser.");
    const { timeoutMs = DEFAULT_TIMEOUT_MS, cookie = {}, card, locale, handoff } = options;
    const url = checkArguments(SESSION_COOKIE_NAME, IFRAME_URL, showThirdPartyCookieNotification, timeoutMs, cookie);
    /** Codes that a link has brought, until they are decided on. */
    let codes = handoff === false || spent[SESSION_COOKIE_NAME] ? "" : arrival.codes;
    let links = "";
    const isEarly = canAskEarly(url) && (!codes || takeArrival());
    /** Whether the page's own request has redeemed the code. */
    let redeemed: Promise<unknown> | undefined;
    /** What lets links carry the session, once there is one. */
    let carrying: Promise<Carrying | void> | undefined;
    let warned = false;
    /** The last clear of this page: until the hub has confirmed it, what it says may be about to end. */
    let clearing: Promise<boolean> | undefined;
    /** The session that the page had last: a chat that ends may have removed its cookie itself. */
    let last = "";
    /** Calls of `loadCookie` that have not answered yet: they report a new session themselves, no event is due. */
    let loading: (() => void)[] = [];
    this.status = { access: "unreachable", reason: "No answer yet." };
    const dispatch = <Type extends keyof CookieProviderEventMap>(
      type: Type,
      detail: CookieProviderEventMap[Type]["detail"],
    ) => this.dispatchEvent(new CustomEvent(type, { detail }));

    const [readBase, writeBase, learn, newestOf] = createBaseCookie(url, SESSION_COOKIE_NAME);
    const [read, show, refuseWider] = createPageCookie(SESSION_COOKIE_NAME, cookie, newestOf);
    const state = (): PageState => {
      const session = read();
      // Its end can then be told, whatever becomes of what is asked now.
      if (session) learn((last = session), NOTED);
      return { session, base: readBase() };
    };

    const [askHub, destroy] = connectHub(
      url,
      timeoutMs,
      {
        type: "carryover:connect",
        name: SESSION_COOKIE_NAME,
        card,
        locale,
        url: location.href,
        referrer: ofDocument("referrer"),
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
          const { session: asked = "", base: askedBase = "" } = request ?? {};
          const isUnchanged = read() === asked && readBase() === askedBase;
          // What is not said stays.
          const { session = asked, base: learned = askedBase } = message;
          if (message.type === "loaded") {
            // A chat began or ended meanwhile: ask again. Hello's gives way to all that could win over it: the hub is asked anyway.
            if (!isUnchanged || (!request && (!loading.length || codes || clearing))) return request && load();
            if (request) spend();
            show((last = session), scope);
            if (!request && read()) for (const answer of loading) answer();
          }
          if (isUnchanged) writeBase(learned);
          if (message.code) learn(asked, LINKED);
          if (message.pending) void ask({ type: "repair" });
          if (message.saved) dispatch("saved", null);
          if (session !== asked && !loading.length) dispatch("session", { value: session || null });
          // By its hash the page has agreed to no other script of the hub.
          if (links && (handoff ?? !script?.integrity) && read()) carrying ??= startCarrying();
          return undefined;
        },
        onReload: load,
      },
      isEarly &&
        ((signal) => {
          const early = (async () => {
            await activated;
            await refuseWider();
            return askEarly(url, SESSION_COOKIE_NAME, codes ? { ...state(), ...arrival } : state(), signal);
          })();
          redeemed = early.then(([, said]) => fieldsOf(said)["redeemed"]);
          // A code that is left is redeemed apart, for this provider or another one.
          if (codes) void redeemed.then((isDone) => isDone || redeemArrival());
          return early;
        }),
    );
    const ask = async (order: Order) => {
      await activated;
      return askHub({ ...state(), ...order });
    };
    const isDone = async (order: Order) => !!(await ask(order))?.done;
    const orderCard = (isShown: boolean) => () => void ask({ type: "card", show: isShown });

    function spend(): void {
      codes = "";
      spendArrival(SESSION_COOKIE_NAME);
    }

    async function load() {
      await refuseWider();
      await clearing;
      return ask({ type: "load", ...arrival, codes, arrived: codes && !(await redeemed) && (await redeemArrival()) });
    }

    function startCarrying(): Promise<Carrying | void> {
      return (
        import(`${url.origin}/v/${VERSION}/links.mjs`)
          .then((module: { readonly carry: typeof carry }) =>
            module.carry({
              of: url.href + SESSION_COOKIE_NAME,
              links: () => links,
              session: read,
              ask,
            }),
          )
          // The browser has said why, such as the page's CSP. Links are links then.
          .catch(() => {})
      );
    }

    Object.assign(this, {
      async loadCookie() {
        await activated;
        let answer = () => {};
        const answered = new Promise<void>((resolve) => loading.push((answer = resolve)));
        await Promise.race([load(), answered, sleep(isWorthWaiting() ? timeoutMs : 0)]);
        loading = loading.filter((one) => one !== answer);
        // Nor does another call wait for what a link should have brought, nor another page.
        if (codes) spend();
        return read() || null;
      },
      async saveCookie() {
        await refuseWider();
        const session = read();
        return !!session && (await isDone({ type: "save" })) && read() === session;
      },
      async clearCookie() {
        spend();
        const session = read() || last;
        if (session) learn(session, ENDED);
        show((last = ""));
        clearing = isDone({ type: "clear" });
        return clearing;
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
        const decorated = async () => {
          // The session may be on its way, as may be the hub's word on where it may go.
          if (!carrying) await load();
          return (await carrying)?.decorate(written);
        };
        return (await Promise.race([decorated(), sleep(LINK_PATIENCE_MS)])) ?? written;
      },
      destroy() {
        warned = true;
        codes = "";
        destroy();
        for (const answer of loading) answer();
        void carrying?.then((links) => links?.stop());
      },
    } satisfies Methods);
  }
}
