import {
  FRAME_NAME_PREFIX,
  type Connect,
  type PageOrder,
  type PageRequest,
  type Report,
  isHello,
  isReport,
} from "../../protocol/messages.ts";
import type { CookieProviderStatus } from "../cookie-provider.d.ts";

/** The hidden iframe and the port to it: the page's side of the exchange that protocol/messages.ts describes. */
export type HubConnection = {
  /** Asks the hub. Resolves without a report after `timeoutMs`, or as soon as the hub is known to be out of reach. */
  readonly ask: (order: PageOrder) => Promise<Report | void>;
  destroy(): void;
};

type Access = CookieProviderStatus["access"];

type Question = { readonly request: PageRequest; readonly resolve: (report?: Report) => void };

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/**
 * @param connect what the iframe is told of the page
 * @param onStanding told of every sign of the hub, and of every sign that there is none
 * @param onReport told of every report, however late, and of what was asked; whoever asked hears of it after that
 * @param onReload told when the frame has loaded itself anew, to use the access that it was granted
 */
export function connectHub(
  url: URL,
  timeoutMs: number,
  connect: Connect,
  onStanding: (access: Access, reason: string, isLost: boolean) => void,
  onReport: (report: Report, request: PageRequest | undefined) => unknown,
  onReload: () => unknown,
): HubConnection {
  const questions = new Map<number, Question>();
  const iframe = createIframe(url, connect.name);
  let port: MessagePort | undefined;
  let isLost = false;
  let isHeard = false;
  let isDestroyed = false;
  let lastId = 0;

  function stand(access: Access, reason: string): void {
    isHeard = true;
    isLost = access.startsWith("un");
    if (isLost) for (const { resolve } of questions.values()) resolve();
    onStanding(access, reason, isLost);
  }

  function greet({ source, origin, data }: MessageEvent): void {
    if (!source || source !== iframe.contentWindow || origin !== url.origin || !isHello(data)) return;
    // First of all, for the page is waiting for it.
    void listen({ data: data.report });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    source.postMessage(connect, origin, [port2]);
    for (const { request } of questions.values()) port1.postMessage(request);
    const isReload = port;
    port?.close();
    port = port1;
    if (isReload) onReload();
  }

  async function listen({ data }: { readonly data: unknown }): Promise<void> {
    if (!isReport(data)) return;
    const { id } = data;
    const question = questions.get(id);
    questions.delete(id);
    sizeFrame(iframe, data.height);
    stand(data.access, data.reason);
    await onReport(data, question?.request);
    question?.resolve(data);
  }

  /** Polled, for a few lines less than a MutationObserver: from <head>, the parser is a task or two away from <body>. */
  function append(): void {
    if (isDestroyed) return;
    if (document.body) document.body.append(iframe);
    else setTimeout(append);
  }

  addEventListener("message", greet);
  // A frame that loads without a hello has loaded something else, such as the browser's error page.
  iframe.onload = () =>
    setTimeout(async () => {
      const standing = !port && (await explainSilence(url));
      if (standing && !port && !isDestroyed) stand(...standing);
    }, HELLO_GRACE_MS);
  append();

  return {
    ask: (order) =>
      new Promise((resolve) => {
        const request = { ...order, id: ++lastId };
        questions.set(lastId, { request, resolve });
        port?.postMessage(request);
        setTimeout(() => {
          if (!isHeard) stand("unreachable", `No answer within ${timeoutMs} ms.`);
          resolve();
        }, timeoutMs);
        if (isLost) resolve();
      }),
    destroy() {
      isDestroyed = true;
      removeEventListener("message", greet);
      port?.close();
      iframe.remove();
      stand("unreachable", "Destroyed.");
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
