/** Tabs, frames and the documents in them. */
import type { EventTargetDouble } from "./events.ts";
import type { FrameElement } from "./elements.ts";
import type { WindowProxyDouble } from "./window-proxy.ts";

/** A tab or a frame: it stays while its documents come and go. */
export type BrowsingContext = {
  readonly id: number;
  /** As the trace calls it. */
  readonly label: string;
  /** `window.name`. */
  readonly name: string;
  /** The document that embeds this frame; none for a tab. */
  readonly embedder: SimulatedDocument | undefined;
  readonly element: FrameElement | undefined;
  document: SimulatedDocument | undefined;
  isClosed: boolean;
};

export type SimulatedDocument = {
  readonly id: number;
  readonly context: BrowsingContext;
  url: URL;
  readonly referrer: string;
  /** Registrable domain of the tab: the key of partitioned storage. */
  readonly topLevelSite: string;
  readonly frames: Set<BrowsingContext>;
  /** Whether it has been given storage access. */
  hasStorageAccess: boolean;
  isAlive: boolean;
  /** Of a page of the hub: the text of its elements, by id. */
  readonly texts: ReadonlyMap<string, string>;
  window: EventTargetDouble;
  document: EventTargetDouble;
  /** What it sees of other windows. */
  readonly views: Map<BrowsingContext, WindowProxyDouble>;
  /** Modules that it has imported, by URL. */
  readonly modules: Map<string, Promise<unknown>>;
};

export function topOf(document: SimulatedDocument): SimulatedDocument {
  let top = document;
  while (top.context.embedder) top = top.context.embedder;
  return top;
}

export function labelOf(document: SimulatedDocument): string {
  const { context, url } = document;
  return context.embedder ? `the hub's frame on ${labelOf(context.embedder)}` : `${url.hostname} (${context.label})`;
}
