import {
  type Answer,
  type Connect,
  type PageOrder,
  type PageRequest,
  isAnswer,
  isFrameState,
  isHello,
} from "../../protocol/messages.ts";
import type { CookieProviderStatus } from "../cookie-provider.d.ts";

/** The hidden iframe and the port to it: the page's side of the exchange that protocol/messages.ts describes. */
export type HubConnection = {
  /** Asks the hub. Settles when it answers, however late, which may be never. */
  ask(order: PageOrder): Promise<Answer>;
  destroy(): void;
};

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/**
 * @param connect what the iframe is told of the page
 * @param onStanding told of every sign of the hub, and of every sign that there is none
 * @param onNews told when there may be another session to load
 */
export function connectHub(
  url: URL,
  connect: Connect,
  onStanding: (status: CookieProviderStatus) => void,
  onNews: () => unknown,
): HubConnection {
  const unanswered = new Map<number, { readonly request: PageRequest; readonly resolve: (answer: Answer) => void }>();
  const iframe = createIframe(url);
  let port: MessagePort | undefined;
  let lastId = 0;
  let isDestroyed = false;

  function greet({ source, origin, data }: MessageEvent): void {
    const frame = iframe.contentWindow;
    if (!frame || source !== frame || origin !== url.origin || !isHello(data)) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = listen;
    frame.postMessage(connect, origin, [port2]);
    for (const { request } of unanswered.values()) port1.postMessage(request);
    // A second hello is the frame that has reloaded itself, to use the access that it was granted.
    if (port) onNews();
    port?.close();
    port = port1;
  }

  function listen({ data }: MessageEvent): void {
    if (isFrameState(data)) {
      sizeFrame(iframe, data.height);
      if (data.news) onNews();
    }
    if (!isAnswer(data)) return;
    const { id, access, reason } = data;
    onStanding({ access, reason });
    unanswered.get(id)?.resolve(data);
    unanswered.delete(id);
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
      if (standing && !port && !isDestroyed) onStanding(standing);
    }, HELLO_GRACE_MS);
  append();

  return {
    ask(order) {
      const request = { ...order, id: ++lastId };
      port?.postMessage(request);
      return new Promise((resolve) => unanswered.set(lastId, { request, resolve }));
    },
    destroy() {
      isDestroyed = true;
      removeEventListener("message", greet);
      port?.close();
      iframe.remove();
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
  iframe.style.cssText = `position:fixed;left:16px;bottom:96px;z-index:9999999;border:0;color-scheme:light dark;${height ? "width:min(360px,100vw - 32px)" : "visibility:hidden;width:0"};height:${height}px`;
}

/** Asks the hub why its page does not show: the iframe itself cannot tell. */
async function explainSilence(url: URL): Promise<CookieProviderStatus> {
  try {
    const response = await fetch(url, { credentials: "omit" });
    return response.ok
      ? {
          access: "untrusted",
          reason: `Not let in: add ${location.origin} to TRUSTED_DOMAINS, ${url.origin} to frame-src.`,
        }
      : { access: "unreachable", reason: (await response.text()).slice(0, 99) };
  } catch {
    return { access: "unreachable", reason: `${url.href} did not load: check network, CSP.` };
  }
}
