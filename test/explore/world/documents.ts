/** The life of a document. */
import type { Browser } from "./browser.ts";
import { type BrowsingContext, type SimulatedDocument, topOf } from "./browsing-context.ts";
import { EventTargetDouble } from "./events.ts";
import { siteOf } from "./sites.ts";

export type DocumentInit = {
  readonly url: URL;
  readonly referrer: string;
  readonly hasStorageAccess?: boolean;
  readonly texts?: ReadonlyMap<string, string>;
};

export function createDocument(browser: Browser, context: BrowsingContext, init: DocumentInit): SimulatedDocument {
  const { url, referrer, hasStorageAccess = false, texts = new Map<string, string>() } = init;
  const topLevel = context.embedder ? topOf(context.embedder).url : url;
  const document: SimulatedDocument = {
    id: browser.nextId(),
    context,
    url,
    referrer,
    topLevelSite: siteOf(topLevel.hostname),
    frames: new Set(),
    hasStorageAccess,
    isAlive: true,
    texts,
    window: new EventTargetDouble(),
    document: new EventTargetDouble(),
    views: new Map(),
    modules: new Map(),
  };
  context.document = document;
  browser.documents.add(document);
  return document;
}

/** As a visitor leaves: the document and its frames hear of it, and are gone. */
export function unloadDocument(browser: Browser, context: BrowsingContext): void {
  const { document } = context;
  if (!document) return;
  Object.assign(document.document, { visibilityState: "hidden" });
  document.document.dispatchEvent({ type: "visibilitychange" });
  document.window.dispatchEvent({ type: "pagehide" });
  for (const frame of document.frames) {
    frame.isClosed = true;
    unloadDocument(browser, frame);
  }
  document.isAlive = false;
  browser.documents.delete(document);
  context.document = undefined;
}
