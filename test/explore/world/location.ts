/** `location` and `history`. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, topOf } from "./browsing-context.ts";

export function createLocation(browser: Browser, document: SimulatedDocument) {
  const { context } = document;

  function go(to: string | URL): void {
    const url = new URL(to, document.url);
    const isSamePage = url.hash !== "" && url.href.split("#")[0] === document.url.href.split("#")[0];
    if (isSamePage) document.url = url;
    else browser.navigate(context, url, `${document.url.origin}/`);
  }

  const location = {
    get href() {
      return document.url.href;
    },
    set href(to: string) {
      go(to);
    },
    get hash() {
      return document.url.hash;
    },
    origin: document.url.origin,
    protocol: document.url.protocol,
    host: document.url.host,
    hostname: document.url.hostname,
    get pathname() {
      return document.url.pathname;
    },
    get search() {
      return document.url.search;
    },
    assign: go,
    replace: go,
    reload: () => browser.navigate(context, document.url, document.referrer),
    toString: () => document.url.href,
    ...(browser.engine.hasAncestorOrigins && { ancestorOrigins: ancestorsOf(document) }),
  };

  const history = {
    state: null,
    replaceState(_state: unknown, _title: string, to?: string | URL) {
      if (to !== undefined) document.url = new URL(to, document.url);
    },
  };

  return { location, history };
}

function ancestorsOf(document: SimulatedDocument): string[] {
  const { embedder } = document.context;
  if (!embedder) return [];
  return embedder === topOf(document) ? [embedder.url.origin] : [embedder.url.origin, ...ancestorsOf(embedder)];
}
