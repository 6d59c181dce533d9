/** What a document sees of another window: it can post messages to it, and compare it. */
import type { Browser } from "./browser.ts";
import { type BrowsingContext, type SimulatedDocument, labelOf } from "./browsing-context.ts";
import { cloneMessage } from "./clone.ts";
import { MessagePortDouble } from "./message-ports.ts";

export type WindowProxyDouble = {
  readonly postMessage: (data: unknown, target?: unknown, transfer?: readonly unknown[]) => void;
  readonly closed: boolean;
};

/** The same object each time, so that scripts can compare `event.source` with the window that they know. */
export function viewWindow(browser: Browser, viewer: SimulatedDocument, context: BrowsingContext): WindowProxyDouble {
  const proxy = viewer.views.get(context) ?? {
    postMessage: (data: unknown, target?: unknown, transfer?: readonly unknown[]) =>
      postToWindow(browser, viewer, context, { data, target, transfer }),
    get closed() {
      return context.isClosed;
    },
  };
  viewer.views.set(context, proxy);
  return proxy;
}

type Posted = {
  readonly data: unknown;
  readonly target: unknown;
  readonly transfer?: readonly unknown[] | undefined;
};

function postToWindow(browser: Browser, from: SimulatedDocument, to: BrowsingContext, posted: Posted): void {
  const options =
    typeof posted.target === "object" ? (posted.target as { targetOrigin?: string; transfer?: unknown[] }) : {};
  const targetOrigin = typeof posted.target === "string" ? posted.target : (options?.targetOrigin ?? "/");
  const transfer = posted.transfer ?? options?.transfer ?? [];
  const data = cloneMessage(posted.data);
  const receive = transfer.flatMap((port) => (port instanceof MessagePortDouble ? [port.detach()] : []));
  const receiver = to.document;
  const { origin } = from.url;
  browser.scheduler.add({
    kind: "local",
    channel: `window ${from.id} ${to.id}`,
    label: () =>
      `a message from ${labelOf(from)} reaches ${receiver ? labelOf(receiver) : "nobody"}: ${browser.describe(data)}`,
    // Posted to a document, not to whichever comes after it in the same window.
    isAlive: () => receiver?.isAlive === true,
    run() {
      if (!receiver || !isMeant(targetOrigin, origin, receiver.url.origin)) return;
      browser.observer.onMessage(receiver, data, "window");
      const ports = receive.map((take) => take(receiver));
      const source = from.isAlive ? viewWindow(browser, receiver, from.context) : null;
      receiver.window.dispatchEvent({ type: "message", data, origin, source, ports } as { type: string });
    },
  });
}

function isMeant(targetOrigin: string, senderOrigin: string, receiverOrigin: string): boolean {
  if (targetOrigin === "*") return true;
  return receiverOrigin === (targetOrigin === "/" ? senderOrigin : new URL(targetOrigin).origin);
}
