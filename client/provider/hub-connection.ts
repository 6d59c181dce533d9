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
export type HubConnection = readonly [
  /** Asks the hub. Resolves without an answer after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  ask: (order: PageOrder) => Promise<FrameMessage | void>,
  destroy: () => void,
];

type Access = CookieProviderStatus["access"];

type Asked = { readonly request: PageRequest; readonly resolve: (message?: FrameMessage) => void };

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/**
 * @param connect what the iframe is told of the page
 * @param onStatus told how access stands. `isLost`: the hub is out of reach, or does nothing for this page. It may be heard all the
 *   same, later
 * @param onMessage told of every message, however late, and of what was asked, if anything was; who asked hears of it after that
 * @param onReload the frame has loaded itself again, to use the access that it was granted
 */
export function connectHub(
  url: URL,
  timeoutMs: number,
  connect: Connect,
  onStatus: (status: CookieProviderStatus, isLost: boolean) => void,
  onMessage: (message: FrameMessage, request: PageRequest | undefined) => unknown,
  onReload: () => unknown,
): HubConnection {
  const asked = new Map<number, Asked>();
  const iframe = document.createElement("iframe");
  let port: MessagePort | undefined;
  /** `undefined` until something is known. */
  let isLost: boolean | undefined;
  let isDestroyed = false;
  let lastId = 0;

  function report(access: Access, reason: string): void {
    isLost = access === "untrusted" || access === "unreachable";
    if (isLost) for (const { resolve } of asked.values()) resolve();
    onStatus({ access, reason }, isLost);
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
    if (isReload) onReload();
  }

  async function listen({ data }: { readonly data: unknown }): Promise<void> {
    if (!isFrameMessage(data)) return;
    const question = asked.get(data.id);
    asked.delete(data.id);
    if (data.type === "card") size(data.height);
    report(data.access, data.reason);
    await onMessage(data, question?.request);
    question?.resolve(data);
  }

  /**
   * Makes room for the card, clear of the corner where chats have their launcher; or hides the frame, which is then neither seen, read
   * out nor focused, and loads quicker for not being rendered. Set by script, so that no style-src of the page is in the way.
   */
  function size(height: number): void {
    iframe.style.cssText = `position:fixed;left:16px;bottom:96px;z-index:9999999;border:0;color-scheme:light dark;width:min(360px,100vw - 32px);height:${height}px;display:${height ? "block" : "none"}`;
  }

  /** Polled, for a few lines less than a MutationObserver: from <head>, the parser is a task or two away from <body>. */
  function append(): void {
    if (isDestroyed) return;
    if (document.body) document.body.append(iframe);
    else setTimeout(append);
  }

  function ask(order: PageOrder): Promise<FrameMessage | void> {
    return new Promise((resolve) => {
      const request = { ...order, id: ++lastId };
      asked.set(lastId, { request, resolve });
      port?.postMessage(request);
      setTimeout(() => {
        if (isLost === undefined) report("unreachable", `No answer within ${timeoutMs} ms.`);
        resolve();
      }, timeoutMs);
      if (isLost) resolve();
    });
  }

  function destroy(): void {
    isDestroyed = true;
    removeEventListener("message", greet);
    port?.close();
    iframe.remove();
    report("unreachable", "Destroyed.");
  }

  addEventListener("message", greet);
  iframe.src = url.href;
  iframe.name = FRAME_NAME_PREFIX + connect.name;
  // A frame that loads without a hello has loaded something else, such as the browser's error page: the hub is asked why.
  iframe.onload = () =>
    setTimeout(async () => {
      if (port) return;
      const failure = await fetch(url).then(
        async (response) => !response.ok && response.text(),
        () => `${url.href} did not load: check network, CSP.`,
      );
      if (port || isDestroyed) return;
      if (failure === false)
        report("untrusted", `Not let in: add ${location.origin} to TRUSTED_DOMAINS, ${url.origin} to frame-src.`);
      else report("unreachable", failure.slice(0, 99));
    }, HELLO_GRACE_MS);
  size(0);
  append();

  return [ask, destroy];
}
