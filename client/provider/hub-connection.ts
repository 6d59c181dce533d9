import {
  type Connect,
  FRAME_NAME_PREFIX,
  type FrameMessage,
  type PageOrder,
  type PageRequest,
  isFrameMessage,
  isHello,
} from "../../protocol/messages.ts";
import type { CookieProviderStatus } from "../cookie-provider.d.ts";

/** The hidden iframe and the port to it: the page's side of the exchange that protocol/messages.ts describes. */
export type HubConnection = {
  /** Asks the hub. Resolves without an answer after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  readonly ask: (order: PageOrder) => Promise<FrameMessage | void>;
  destroy(): void;
};

/** What the page's side hears of the hub. */
export type HubListener = {
  readonly onStatus: (status: CookieProviderStatus, isLost: boolean) => void;
  /** Told of every message, however late, and of what was asked, if anything was; who asked hears of it after that. */
  readonly onMessage: (message: FrameMessage, request: PageRequest | undefined) => unknown;
  /** The frame has loaded itself again, to use the access that it was granted. */
  readonly onReload: () => unknown;
};

type Access = CookieProviderStatus["access"];

type Asked = { readonly request: PageRequest; readonly resolve: (message?: FrameMessage) => void };

/** Where the connection stands. */
type Phase =
  /** Nothing was heard yet. */
  | "connecting"
  | "connected"
  /** The hub is out of reach, or does nothing for this page. It may be heard all the same, later. */
  | "lost"
  | "destroyed";

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/** @param connect what the iframe is told of the page */
export function connectHub(url: URL, timeoutMs: number, connect: Connect, listener: HubListener): HubConnection {
  const asked = new Map<number, Asked>();
  const iframe = createIframe(url, connect.name);
  let phase: Phase = "connecting";
  let port: MessagePort | undefined;
  let lastId = 0;

  function report(next: Phase, access: Access, reason: string): void {
    phase = next;
    if (phase !== "connected") for (const { resolve } of asked.values()) resolve();
    listener.onStatus({ access, reason }, phase !== "connected");
  }

  function greet({ source, origin, data }: MessageEvent): void {
    if (!source || source !== iframe.contentWindow || origin !== url.origin || !isHello(data)) return;
    // First of all, because the page is waiting for it.
    void listen({ data: data.loaded });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    source.postMessage(connect, origin, [port2]);
    for (const { request } of asked.values()) port1.postMessage(request);
    const isReload = port;
    port?.close();
    port = port1;
    if (isReload) listener.onReload();
  }

  async function listen({ data }: { readonly data: unknown }): Promise<void> {
    if (!isFrameMessage(data)) return;
    const { id, type } = data;
    const question = asked.get(id);
    asked.delete(id);
    if (type === "card") sizeFrame(iframe, data.height);
    report(type === "refused" ? "lost" : "connected", data.access, data.reason);
    await listener.onMessage(data, question?.request);
    question?.resolve(data);
  }

  /** Polled, for a few lines less than a MutationObserver: from <head>, the parser is a task or two away from <body>. */
  function append(): void {
    if (phase === "destroyed") return;
    if (document.body) document.body.append(iframe);
    else setTimeout(append);
  }

  addEventListener("message", greet);
  // A frame that loads without a hello has loaded something else, such as the browser's error page.
  iframe.onload = () =>
    setTimeout(async () => {
      const why = !port && (await explainSilence(url));
      if (why && !port && phase !== "destroyed") report("lost", ...why);
    }, HELLO_GRACE_MS);
  append();

  return {
    ask: (order) =>
      new Promise((resolve) => {
        const request = { ...order, id: ++lastId };
        asked.set(lastId, { request, resolve });
        port?.postMessage(request);
        setTimeout(() => {
          if (phase === "connecting") report("lost", "unreachable", `No answer within ${timeoutMs} ms.`);
          resolve();
        }, timeoutMs);
        if (phase === "lost" || phase === "destroyed") resolve();
      }),
    destroy() {
      removeEventListener("message", greet);
      port?.close();
      iframe.remove();
      report("destroyed", "unreachable", "Destroyed.");
    },
  };
}

function createIframe(url: URL, cookieName: string): HTMLIFrameElement {
  const iframe = document.createElement("iframe");
  iframe.src = url.href;
  iframe.name = FRAME_NAME_PREFIX + cookieName;
  sizeFrame(iframe, 0);
  return iframe;
}

/**
 * Makes room for the card, clear of the corner where chats have their launcher; or hides the frame, which is then neither seen, read
 * out nor focused, and loads quicker for not being rendered. Set by script, so that no style-src of the page is in the way.
 */
function sizeFrame(iframe: HTMLIFrameElement, height: number): void {
  iframe.style.cssText = `position:fixed;left:16px;bottom:96px;z-index:9999999;border:0;color-scheme:light dark;width:min(360px,100vw - 32px);height:${height}px;display:${height ? "block" : "none"}`;
}

/** Asks the hub why its page does not show: the iframe itself cannot tell. */
async function explainSilence(url: URL): Promise<[Access, string]> {
  const response = await fetch(url).catch(() => {});
  return response?.ok
    ? ["untrusted", `Not let in: add ${location.origin} to TRUSTED_DOMAINS, ${url.origin} to frame-src.`]
    : [
        "unreachable",
        response ? (await response.text()).slice(0, 99) : `${url.href} did not load: check network, CSP.`,
      ];
}
