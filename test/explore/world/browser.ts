/** One browser: its tabs, frames, cookies and storage, on one scheduler, with one hub on its network. */
import type { Hub } from "../hub/hub.ts";
import type { BrowsingContext, SimulatedDocument } from "./browsing-context.ts";
import type { CookieJar } from "./cookie-jar.ts";
import type { FrameElement } from "./elements.ts";
import type { Engine } from "./engines.ts";
import { createDocument, unloadDocument } from "./documents.ts";
import { requestHubPage } from "./hub-pages.ts";
import type { Scheduler } from "./scheduler.ts";
import type { PageScripts } from "./scripts.ts";
import type { WebStorages } from "./web-storage.ts";

/** Whoever watches the world. */
export type Observer = {
  /** A message is about to be delivered, to a window or to a port. */
  readonly onMessage: (receiver: SimulatedDocument, data: unknown, to: "window" | "port") => void;
  /** A document sends a request to the hub. */
  readonly onRequest: (sender: SimulatedDocument, request: SentRequest) => void;
};

export type SentRequest = { readonly method: string; readonly url: URL; readonly body: string | undefined };

export type BrowserOptions = {
  readonly engine: Engine;
  readonly scheduler: Scheduler;
  readonly jar: CookieJar;
  readonly storages: WebStorages;
  readonly hub: Hub;
  readonly scripts: PageScripts;
  readonly observer: Observer;
  /** Where pages load the hub's script from; `undefined`: from their own servers. */
  readonly scriptOrigin: string | undefined;
  /** How many requests and answers may be lost on the way. */
  readonly faults: number;
  /** An old browser, or a proxy that takes policies away: the scripts have to keep strangers out by themselves. */
  readonly ignoresFrameAncestors: boolean;
  /** Runs what a page of a shop consists of. */
  readonly runPage: (document: SimulatedDocument) => void;
};

export type Browser = Omit<BrowserOptions, "faults"> & {
  readonly nextId: () => number;
  /** A value in a line of the trace. */
  readonly describe: (data: unknown) => string;
  readonly network: { faultsLeft: number };
  /** Every document that is alive. */
  readonly documents: Set<SimulatedDocument>;
  readonly openTab: (label: string) => BrowsingContext;
  readonly openFrame: (embedder: SimulatedDocument, element: FrameElement) => BrowsingContext;
  /** Begins to load another page; the document that is there lives until the new one arrives. */
  readonly navigate: (context: BrowsingContext, url: URL, referrer: string) => void;
  readonly close: (context: BrowsingContext) => void;
};

export function createBrowser({ faults, ...options }: BrowserOptions): Browser {
  let lastId = 0;
  const nextId = () => ++lastId;

  const browser: Browser = {
    ...options,
    nextId,
    describe: (data) => JSON.stringify(data)?.slice(0, 300) ?? String(data),
    network: { faultsLeft: faults },
    documents: new Set(),
    openTab: (label) => createContext({ label, name: "", embedder: undefined, element: undefined }),
    openFrame(embedder, element) {
      const context = createContext({ label: "frame", name: element.name, embedder, element });
      embedder.frames.add(context);
      requestHubPage(browser, context, new URL(element.src, embedder.url));
      return context;
    },
    navigate(context, url, referrer) {
      if (context.embedder) requestHubPage(browser, context, url);
      else arrive(context, url, referrer);
    },
    close(context) {
      context.isClosed = true;
      context.embedder?.frames.delete(context);
      unloadDocument(browser, context);
    },
  };

  function createContext(fields: Pick<BrowsingContext, "label" | "name" | "embedder" | "element">): BrowsingContext {
    return { ...fields, id: nextId(), document: undefined, isClosed: false };
  }

  /** Pages of shops come from servers that nothing depends on: only when they arrive matters. */
  function arrive(context: BrowsingContext, url: URL, referrer: string): void {
    options.scheduler.add({
      kind: "network",
      channel: `navigation ${context.id}`,
      label: () => `${url.href} arrives in ${context.label}`,
      isAlive: () => !context.isClosed,
      run() {
        unloadDocument(browser, context);
        options.runPage(createDocument(browser, context, { url, referrer }));
      },
    });
  }

  return browser;
}
