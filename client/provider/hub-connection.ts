import {
  type Connect,
  FRAME_NAME_PREFIX,
  type FrameMessage,
  type PageOrder,
  type PageRequest,
  UNASKED,
  fieldsOf,
  isFrameMessage,
  isHello,
} from "../../protocol/messages.ts";
import type { CookieProviderStatus } from "../cookie-provider.d.ts";
import { isPage, ofDocument } from "../page-document.ts";
import type { Early } from "./early-lane.ts";
import type { HubUrl } from "./parse-url.ts";
import { isWorthWaiting, noteWaiting } from "./patience.ts";

/** The hidden iframe and the port to it: the page's side of the exchange that protocol/messages.ts describes. */
export type HubConnection = readonly [
  /** Asks the hub. Resolves without an answer after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  ask: (order: PageOrder) => Promise<FrameMessage | void>,
  destroy: () => void,
];

/** What the page's side hears of the hub. */
export type HubListener = {
  readonly onStatus: (status: CookieProviderStatus, isLost: boolean) => void;
  /** Told of every message, however late, and of what was asked, if anything was; who asked hears of it after that. */
  readonly onMessage: (message: FrameMessage, request: PageRequest | undefined) => unknown;
  /** The frame has loaded again: by itself, to use the access that it was granted, or because the page had taken it away. */
  readonly onReload: () => unknown;
};

type Access = CookieProviderStatus["access"];

type Asked = { readonly request: PageRequest; readonly resolve: (message?: FrameMessage) => void };

/** Where the connection stands. */
type Phase =
  /** Nothing was heard since the frame was added. */
  | "connecting"
  | "connected"
  /** The hub is out of reach, or does nothing for this page. It may be heard all the same, later. */
  | "lost"
  | "destroyed";

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/** How soon a hub that is lost is tried again, and a frame that the page has taken away is added again. It doubles each time. */
const FIRST_PAUSE_MS = 500;

/** How long what is asked of a lost hub waits until that is tried again. */
const MAX_WAIT_MS = 1000;

/** How long a page waits for the answer to its own request before it has a frame ask, too; and, with it, for a quiet moment to add that. */
const EARLY_MS = 2000;

/** What the frame learns from that the page has been answered before it was there. */
const TELLING = "load save clear repair";

// Arrays and objects, for pages have a `Map` and a `Set` of their own.
let greeters: ((event: MessageEvent) => void)[] = [];

// As this script runs, and before the event reaches anybody: pages have listeners that stop messages of others.
if (isPage) addEventListener("message", (event) => greeters.forEach((greet) => greet(event)), true);

/**
 * @param connect what the iframe is told of the page
 * @param askEarly has the page itself ask the hub: the frame is not added before that is answered, or before something else needs it
 */
export function connectHub(
  url: HubUrl,
  timeoutMs: number,
  connect: Connect,
  listener: HubListener,
  askEarly: false | ((signal: AbortSignal) => Promise<Early>),
): HubConnection {
  const asked: { [id: number]: Asked } = {};
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of overloads, `call` knows the last only
  const iframe = ofDocument("createElement").call(document, "iframe") as HTMLIFrameElement;
  const keeper = new MutationObserver(() => iframe.isConnected || setTimeout(mount, pause()));
  const stopping = new AbortController();
  /** What the hub says before there is a frame, as long as that counts. */
  let early = askEarly ? askEarly(stopping.signal) : undefined;
  let phase: Phase = "connecting";
  let port: MessagePort | undefined;
  let hellos = 0;
  let wasSilent = false;
  /** The page has been answered before there was a frame, which knows nothing of that. */
  let wasEarly = false;
  let pauseMs = FIRST_PAUSE_MS;
  /** Not before this a lost hub is tried again. */
  let dueAtMs = 0;
  let lastId = 0;

  function report(next: Phase, access: Access, reason: string): void {
    phase = next;
    if (phase !== "connected") {
      for (const { resolve } of Object.values(asked)) resolve();
      // What was said earlier holds no longer.
      if (wasEarly) early = undefined;
    }
    if (phase === "lost") dueAtMs = Date.now() + pause();
    listener.onStatus({ access, reason }, phase !== "connected");
  }

  function greet({ source, origin, data }: MessageEvent): void {
    if (!source || source !== iframe.contentWindow || origin !== url.origin || !isHello(data)) return;
    // First of all, because the page is waiting for it.
    void listen({ data: data.loaded });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    source.postMessage(connect, origin, [port2]);
    for (const { request } of Object.values(asked)) port1.postMessage(request);
    port?.close();
    port = port1;
    early = undefined;
    noteHearing();
    const isTold = Object.values(asked).some(({ request }) => TELLING.includes(request.type));
    if (hellos++ || (wasEarly && !isTold)) listener.onReload();
  }

  async function listen({ data }: { readonly data: unknown }): Promise<void> {
    if (!isFrameMessage(data)) return;
    const question = asked[data.id];
    delete asked[data.id];
    if (data.type === "card") size(data.height);
    report(data.type === "refused" ? "lost" : "connected", data.access, data.reason);
    await listener.onMessage(data, question?.request);
    question?.resolve(data);
  }

  /**
   * Makes room for the card, clear of the corner where chats have their launcher; or hides the frame, which is then neither seen, read
   * out nor focused, and loads quicker for not being rendered. Set by script, so that no style-src of the page is in the way.
   */
  function size(height: number): void {
    iframe.style.cssText = `position:fixed;left:16px;bottom:96px;z-index:9999999;border:0;color-scheme:light dark;width:min(360px,100vw - 32px);height:${height}px;display:${height ? "block" : "none"}`;
  }

  /** The next pause, each twice as long as the last, a minute at most. */
  function pause(): number {
    return (pauseMs = Math.min(2 * pauseMs, 60_000)) / 2;
  }

  /**
   * Adds the frame, where it is missing. Beside `<body>`, which is there before the page has one, and which many pages replace without
   * their `<html>`.
   */
  function mount(): void {
    stopEarly();
    if (phase === "destroyed" || iframe.isConnected) return;
    phase = "connecting";
    port = undefined;
    wasSilent = false;
    const root: HTMLElement | null = ofDocument("documentElement");
    root?.append(iframe);
    for (const parent of [document, root]) if (parent) keeper.observe(parent, { childList: true });
  }

  function noteHearing(): void {
    // What is late was not worth waiting for.
    if (!wasSilent && !isWorthWaiting()) noteWaiting(false);
  }

  /** Two must not write the hub's cookies at once: what is late could undo what came after it. What has been said holds until the frame speaks. */
  function stopEarly(): void {
    if (!wasEarly) early = undefined;
    stopping.abort();
  }

  /** Answers loads with what the hub has said, if the page still has what it has asked with. All else is the frame's to answer. */
  function settle([state, said]: Early): void {
    const loads = Object.values(asked).filter(({ request }) => request.type === "load");
    if (!early || (wasEarly && !loads.length)) return;
    const isFit = loads.every(({ request }) =>
      Object.entries(state).every(([name, value]) => fieldsOf(request)[name] === value),
    );
    if (!isFit || !isFrameMessage(said)) return mount();
    wasEarly = true;
    noteHearing();
    const [first, ...others] = loads;
    void listen({ data: { ...said, id: first?.request.id ?? UNASKED } });
    // The listener has heard it: the other loads just end.
    for (const { request, resolve } of others) {
      delete asked[request.id];
      resolve(said);
    }
    if (phase === "connected") requestIdleCallback(mount, { timeout: EARLY_MS });
  }

  /** A hub that was out of reach may be back. */
  function retry(event?: Event): void {
    if (phase !== "lost" || (event ? ofDocument("visibilityState") === "hidden" : Date.now() < dueAtMs)) return;
    iframe.remove();
    mount();
  }

  function ask(order: PageOrder): Promise<FrameMessage | void> {
    return new Promise((resolve) => {
      if (early && order.type === "load") void early.then(settle);
      else mount();
      const waitMs = phase === "lost" ? dueAtMs - Date.now() : 0;
      if (waitMs > 0) setTimeout(retry, waitMs + 1);
      else retry();
      const request = { ...order, id: ++lastId };
      asked[lastId] = { request, resolve };
      port?.postMessage(request);
      const { contentWindow } = iframe;
      const isEarly = !!early && !wasEarly;
      setTimeout(() => {
        // Of a frame that was added since nothing is known yet, unless it was added because the hub is slow.
        if (phase === "connecting" && asked[request.id] && (isEarly || contentWindow === iframe.contentWindow)) {
          noteWaiting((wasSilent = true));
          report("lost", "unreachable", `No answer within ${timeoutMs} ms.`);
        }
        resolve();
      }, timeoutMs);
      if (phase === "destroyed" || waitMs > MAX_WAIT_MS) resolve();
    });
  }

  function destroy(): void {
    stopEarly();
    greeters = greeters.filter((one) => one !== greet);
    removeEventListener("online", retry);
    removeEventListener("visibilitychange", retry, true);
    keeper.disconnect();
    port?.close();
    iframe.remove();
    report("destroyed", "unreachable", "Destroyed.");
  }

  greeters.push(greet);
  addEventListener("online", retry);
  addEventListener("visibilitychange", retry, true);
  iframe.src = url.href;
  iframe.name = FRAME_NAME_PREFIX + connect.name;
  // A frame that loads without a hello has loaded something else, such as the browser's error page: the hub is asked why.
  iframe.onload = () => {
    const { contentWindow } = iframe;
    setTimeout(async () => {
      if (port) return;
      const failure = await fetch(url.href).then(
        async (response) => !response.ok && response.text(),
        () => `${url.href} did not load: check network, CSP.`,
      );
      // The page may have taken that frame away by now: another one is loading.
      if (phase !== "connecting" || port || contentWindow !== iframe.contentWindow) return;
      if (failure === false)
        report(
          "lost",
          "untrusted",
          `Not let in: add ${location.origin} to TRUSTED_DOMAINS, ${url.origin} to frame-src. Or its message events are stopped.`,
        );
      else report("lost", "unreachable", failure.slice(0, 99));
    }, HELLO_GRACE_MS);
  };
  size(0);
  if (early) {
    void early.then(settle);
    setTimeout(() => wasEarly || mount(), EARLY_MS);
  } else mount();

  return [ask, destroy];
}
