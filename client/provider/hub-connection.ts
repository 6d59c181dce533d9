import {
  type Connect,
  type Done,
  type HubMessage,
  type Loaded,
  type PageOrder,
  type PageRequest,
  isHello,
  isHubMessage,
} from "../../protocol/messages.ts";
import type { CookieProviderStatus } from "../cookie-provider.d.ts";

export type Answer = Loaded | Done;

/** After the iframe's `load` event its hello is due at once; this is for a busy machine. */
const HELLO_GRACE_MS = 500;

/**
 * The hidden iframe and the port to it: the page's side of the exchange that protocol/messages.ts describes.
 *
 * A request waits until the hub answers, however late; who cannot wait listens to `onStanding`.
 */
export class HubConnection {
  readonly #url: URL;
  readonly #cookieName: string;
  readonly #onStanding: (status: CookieProviderStatus) => void;
  readonly #iframe = document.createElement("iframe");
  readonly #unanswered = new Map<number, { readonly request: PageRequest; readonly resolve: (answer: Answer) => void }>();
  readonly #destroyed = new AbortController();
  #port: MessagePort | undefined;
  #lastId = 0;

  /** @param onStanding told of every sign of the hub, and of every sign that there is none */
  constructor(url: URL, cookieName: string, onStanding: (status: CookieProviderStatus) => void) {
    this.#url = url;
    this.#cookieName = cookieName;
    this.#onStanding = onStanding;
    const { signal } = this.#destroyed;
    addEventListener("message", (event) => this.#onMessage(event), { signal });
    document.addEventListener("securitypolicyviolation", (event) => this.#onPolicyViolation(event), { signal });
    this.#iframe.addEventListener("load", () => setTimeout(() => this.#explainSilence(), HELLO_GRACE_MS));
    this.#embed();
  }

  /** Asks the hub. Settles when it answers, which may be never. */
  ask(order: PageOrder): Promise<Answer> {
    const request: PageRequest = { ...order, id: ++this.#lastId };
    return new Promise((resolve) => {
      this.#unanswered.set(request.id, { request, resolve });
      this.#port?.postMessage(request);
    });
  }

  destroy(): void {
    this.#destroyed.abort();
    this.#port?.close();
    this.#iframe.remove();
  }

  #embed(): void {
    const iframe = this.#iframe;
    iframe.src = this.#url.href;
    iframe.allow = "storage-access";
    iframe.referrerPolicy = "strict-origin";
    iframe.title = "Carryover";
    iframe.tabIndex = -1;
    iframe.ariaHidden = "true";
    // Not `display: none`, which some browsers load late. Set by script, so no style-src of the page is in the way.
    iframe.style.cssText = "position:fixed;width:0;height:0;border:0;visibility:hidden";
    const bodyAwaited = new MutationObserver(append);
    const { signal } = this.#destroyed;
    function append(): void {
      if (document.body && !signal.aborted) document.body.append(iframe);
      if (document.body || signal.aborted) bodyAwaited.disconnect();
      else bodyAwaited.observe(document, { childList: true, subtree: true });
    }
    append();
  }

  #onMessage({ source, origin, data }: MessageEvent): void {
    if (source !== this.#iframe.contentWindow || !source || origin !== this.#url.origin || !isHello(data)) return;
    // A second hello is the frame that has reloaded itself: what is unanswered is asked again.
    this.#port?.close();
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = (event) => this.#onAnswer(event.data);
    const connect: Connect = { type: "carryover:connect", name: this.#cookieName };
    this.#iframe.contentWindow?.postMessage(connect, this.#url.origin, [port2]);
    for (const { request } of this.#unanswered.values()) port1.postMessage(request);
  }

  #onAnswer(message: unknown): void {
    if (!isHubMessage(message)) return;
    if (message.type === "refused") {
      this.#onStanding({ access: "untrusted", reason: message.reason });
      return;
    }
    const waiting = this.#unanswered.get(message.id);
    if (!waiting) return;
    this.#unanswered.delete(message.id);
    this.#onStanding({ access: message.access, reason: message.reason });
    waiting.resolve(message);
  }

  #onPolicyViolation({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent): void {
    if (!/^(?:frame|child|default)-src/.test(effectiveDirective) || !this.#url.href.startsWith(blockedURI)) return;
    this.#onStanding({
      access: "unreachable",
      reason: `The page's Content-Security-Policy blocks the hub. Add ${this.#url.origin} to its frame-src.`,
    });
  }

  /** The frame has loaded something that is not the hub's page: asks the hub why. */
  async #explainSilence(): Promise<void> {
    if (this.#port) return;
    let standing: CookieProviderStatus;
    try {
      const { status, ok } = await fetch(this.#url, { credentials: "omit", signal: this.#destroyed.signal });
      standing = ok
        ? { access: "untrusted", reason: `The hub does not trust ${location.origin}. Add it to the tenant's TRUSTED_DOMAINS.` }
        : {
            access: status === 404 ? "untrusted" : "unreachable",
            reason: `The hub answered ${status} to ${this.#url.href}.${status === 404 ? " Check the tenant's name." : ""}`,
          };
    } catch {
      standing = {
        access: "unreachable",
        reason: `The hub did not load from ${this.#url.href}. Check the address, the network, and that the page's origin is in the tenant's TRUSTED_DOMAINS.`,
      };
    }
    if (!this.#port && !this.#destroyed.signal.aborted) this.#onStanding(standing);
  }
}
