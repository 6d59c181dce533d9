import {
  type Answer,
  type Connect,
  type PageOrder,
  type PageRequest,
  isAnswer,
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

/** @param onStanding told of every sign of the hub, and of every sign that there is none */
export function connectHub(
  url: URL,
  cookieName: string,
  onStanding: (status: CookieProviderStatus) => void,
): HubConnection {
  const unanswered = new Map<number, { readonly request: PageRequest; readonly resolve: (answer: Answer) => void }>();
  const iframe = createIframe(url);
  const destroyed = new AbortController();
  const { signal } = destroyed;
  let port: MessagePort | undefined;
  let lastId = 0;

  addEventListener(
    "message",
    ({ source, origin, data }) => {
      const frame = iframe.contentWindow;
      if (!frame || source !== frame || origin !== url.origin || !isHello(data)) return;
      // A second hello is the frame that has reloaded itself: what is unanswered is asked again.
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => takeAnswer(data);
      frame.postMessage({ type: "carryover:connect", name: cookieName } satisfies Connect, url.origin, [channel.port2]);
      for (const { request } of unanswered.values()) port.postMessage(request);
    },
    { signal },
  );

  function takeAnswer(message: unknown): void {
    if (!isAnswer(message)) return;
    const { id, access, reason } = message;
    onStanding({ access, reason });
    unanswered.get(id)?.resolve(message);
    unanswered.delete(id);
  }

  addEventListener(
    "securitypolicyviolation",
    ({ blockedURI, effectiveDirective }) => {
      if (effectiveDirective !== "frame-src" || !url.href.startsWith(blockedURI)) return;
      onStanding({ access: "unreachable", reason: `The page's CSP blocks the hub: add ${url.origin} to frame-src.` });
    },
    { signal },
  );

  // A frame that loads without a hello has loaded something else, such as the browser's error page.
  iframe.onload = () =>
    setTimeout(async () => {
      const standing = !port && (await explainSilence(url));
      if (standing && !port && !signal.aborted) onStanding(standing);
    }, HELLO_GRACE_MS);

  // Polled, for a few lines less than a MutationObserver: from <head>, the parser is a task or two away from <body>.
  (function append() {
    if (document.body) document.body.append(iframe);
    else if (!signal.aborted) setTimeout(append);
  })();

  return {
    ask(order) {
      const request = { ...order, id: ++lastId };
      port?.postMessage(request);
      return new Promise((resolve) => unanswered.set(lastId, { request, resolve }));
    },
    destroy() {
      destroyed.abort();
      port?.close();
      iframe.remove();
    },
  };
}

function createIframe(url: URL): HTMLIFrameElement {
  const iframe = document.createElement("iframe");
  iframe.src = url.href;
  iframe.allow = "storage-access";
  iframe.referrerPolicy = "origin";
  // Neither seen, read out nor focused, yet not `display: none`, which some browsers load late. Set by script, so that no
  // style-src of the page is in the way.
  iframe.style.cssText = "position:fixed;width:0;height:0;border:0;visibility:hidden";
  return iframe;
}

/** Asks the hub why its page does not show: the iframe itself cannot tell. */
async function explainSilence(url: URL): Promise<CookieProviderStatus> {
  try {
    const response = await fetch(url, { credentials: "omit" });
    return response.ok
      ? { access: "untrusted", reason: `The hub does not trust ${location.origin}: add it to TRUSTED_DOMAINS.` }
      : { access: "unreachable", reason: (await response.text()).slice(0, 99) };
  } catch {
    return { access: "unreachable", reason: `${url.href} did not load: check the address and the network.` };
  }
}
