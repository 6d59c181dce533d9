import {
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
  onStanding: (status: CookieProviderStatus, isLost: boolean) => void,
  onReport: (report: Report, request: PageRequest | undefined) => unknown,
  onReload: () => unknown,
): HubConnection {
  const questions = new Map<number, Question>();
  const iframe = createIframe(url);
  let port: MessagePort | undefined;
  let isLost = false;
  let isHeard = false;
  let isDestroyed = false;
  let lastId = 0;

  function stand(status: CookieProviderStatus): void {
    isHeard = true;
    isLost = status.access.startsWith("un");
    if (isLost) for (const { resolve } of questions.values()) resolve();
    onStanding(status, isLost);
  }

  function greet({ source, origin, data }: MessageEvent): void {
    if (!source || source !== iframe.contentWindow || origin !== url.origin || !isHello(data)) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    iframe.contentWindow.postMessage(connect, origin, [port2]);
    for (const { request } of questions.values()) port1.postMessage(request);
    if (port) onReload();
    port?.close();
    port = port1;
  }

  async function listen({ data }: MessageEvent): Promise<void> {
    if (!isReport(data)) return;
    const { id, access, reason } = data;
    const question = questions.get(id);
    questions.delete(id);
    sizeFrame(iframe, data.height);
    stand({ access, reason });
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
      if (standing && !port && !isDestroyed) stand(standing);
    }, HELLO_GRACE_MS);
  append();

  return {
    ask: (order) =>
      new Promise((resolve) => {
        const request = { ...order, id: ++lastId };
        questions.set(lastId, { request, resolve });
        port?.postMessage(request);
        setTimeout(() => {
          if (!isHeard) stand({ access: "unreachable", reason: `No answer within ${timeoutMs} ms.` });
          resolve();
        }, timeoutMs);
        if (isLost) resolve();
      }),
    destroy() {
      isDestroyed = true;
      removeEventListener("message", greet);
      port?.close();
      iframe.remove();
      stand({ access: "unreachable", reason: "Destroyed." });
    },
  };
}

function createIframe(url: URL): HTMLIFrameElement {
  const iframe = document.createElement("iframe");
  iframe.src = url.href;
  iframe.allow = "storage-access";
  sizeFrame(iframe, 0);
  return iframe;
}

/**
 * Makes room for the card, clear of the corner where chats have their launcher; or hides the frame: neither seen, read out nor
 * focused, yet not `display: none`, which some browsers load late. Set by script, so that no style-src of the page is in the way.
 */
function sizeFrame(iframe: HTMLIFrameElement, height: number): void {
  iframe.style.cssText = `position:fixed;left:16px;bottom:96px;z-index:9999999;border:0;color-scheme:light dark;width:min(360px,100vw - 32px);height:${height}px;visibility:${height ? "visible" : "hidden"}`;
}

/** Asks the hub why its page does not show: the iframe itself cannot tell. */
async function explainSilence(url: URL): Promise<CookieProviderStatus> {
  const response = await fetch(url).catch(() => {});
  return response?.ok
    ? {
        access: "untrusted",
        reason: `Not let in: add ${location.origin} to TRUSTED_DOMAINS, ${url.origin} to frame-src.`,
      }
    : {
        access: "unreachable",
        reason: response ? (await response.text()).slice(0, 99) : `${url.href} did not load: check network, CSP.`,
      };
}
