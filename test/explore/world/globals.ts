/** What the scripts find in a document's `window`, and no more: a name that is missing here fails where it is used. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, topOf } from "./browsing-context.ts";
import { createAbort } from "./abort-signal.ts";
import { silentConsole } from "./ambient.ts";
import type { Globals } from "./compile.ts";
import { createCookieStore, createDocumentCookie } from "./document-cookie.ts";
import { ContainerDouble, ElementDouble, createElement } from "./elements.ts";
import { CustomEventDouble, EventTargetDouble } from "./events.ts";
import { createFetch } from "./fetch.ts";
import { createLocation } from "./location.ts";
import { createMessageChannel } from "./message-ports.ts";
import { createImport } from "./modules.ts";
import { cryptoDouble } from "./crypto.ts";
import { createStorageAccess } from "./storage-access.ts";
import { createTimers } from "./timers.ts";
import { viewWindow } from "./window-proxy.ts";

/** The parameters of each script. Where an engine does not have one, it is `undefined`. */
export const GLOBAL_NAMES = [
  "window",
  "self",
  "top",
  "parent",
  "opener",
  "name",
  "document",
  "location",
  "history",
  "navigator",
  "crypto",
  "performance",
  "console",
  "localStorage",
  "sessionStorage",
  "cookieStore",
  "isSecureContext",
  "origin",
  "fetch",
  "postMessage",
  "addEventListener",
  "removeEventListener",
  "dispatchEvent",
  "setTimeout",
  "clearTimeout",
  "requestIdleCallback",
  "cancelIdleCallback",
  "requestAnimationFrame",
  "AbortController",
  "AbortSignal",
  "EventTarget",
  "CustomEvent",
  "MessageChannel",
  "MutationObserver",
  "Document",
  "Element",
  "HTMLElement",
  "HTMLFormElement",
  "MouseEvent",
  "SubmitEvent",
  "__import",
] as const;

type GlobalName = (typeof GLOBAL_NAMES)[number];

/** Tells the observers of a document, as an event of its window. */
export const MUTATION = "simulated:mutation";

/** Events that no visitor makes here: links are followed by `decorate`. */
class NeverDouble extends CustomEventDouble {}

export function createGlobals(browser: Browser, document: SimulatedDocument): Globals {
  const { window, context } = document;
  const isTop = context.embedder === undefined;
  const timers = createTimers(browser, document);
  const network = createFetch(browser, document);
  const access = createStorageAccess(browser, document);
  const { location, history } = createLocation(browser, document);
  const storageKey = `${document.url.origin} on ${document.topLevelSite}`;
  const { engine } = browser;
  const parent = context.embedder ? viewWindow(browser, document, context.embedder.context) : window;

  Object.assign(document.document, {
    ...createNodes(browser, document),
    baseURI: document.url.href,
    referrer: document.referrer,
    visibilityState: "visible",
    readyState: "complete",
    prerendering: false,
    currentScript: {
      src: `${browser.scriptOrigin ?? location.origin}/cookie-provider.min.js`,
      getAttribute: () => null,
    },
    hasStorageAccess: access.hasStorageAccess,
    requestStorageAccess: access.requestStorageAccess,
  });
  createDocumentCookie(browser, document);
  letPrototypeAnswer(document.document);

  const globals: Record<GlobalName, unknown> = {
    window,
    self: window,
    top: isTop ? window : viewWindow(browser, document, topOf(document).context),
    parent,
    opener: null,
    name: context.name,
    document: document.document,
    location,
    history,
    navigator: {
      userAgent: engine.userAgent,
      language: "en",
      languages: ["en"],
      onLine: true,
      permissions: access.permissions,
      sendBeacon: network.sendBeacon,
      ...(engine.retriesRequests && { userAgentData: {} }),
    },
    crypto: cryptoDouble,
    performance: { now: () => browser.scheduler.now(), getEntriesByType: () => [], mark() {}, measure() {} },
    console: silentConsole,
    localStorage: browser.storages.open(storageKey),
    sessionStorage: browser.storages.open(`${storageKey} in ${topOf(document).context.id}`),
    cookieStore: engine.hasCookieStore ? createCookieStore(browser, document) : undefined,
    isSecureContext: true,
    origin: location.origin,
    fetch: network.fetch,
    postMessage: (...message: [unknown, string, []]) => viewWindow(browser, document, context).postMessage(...message),
    addEventListener: window.addEventListener.bind(window),
    removeEventListener: window.removeEventListener.bind(window),
    dispatchEvent: window.dispatchEvent.bind(window),
    ...timers,
    requestIdleCallback: (callback: () => void) => timers.setTimeout(callback, 1),
    cancelIdleCallback: timers.clearTimeout,
    requestAnimationFrame: (callback: () => void) => timers.setTimeout(callback, 16),
    ...createAbort(timers.setTimeout),
    EventTarget: EventTargetDouble,
    CustomEvent: CustomEventDouble,
    MessageChannel: function MessageChannel() {
      return createMessageChannel(browser, document);
    },
    MutationObserver: createMutationObserver(document),
    Document: { prototype: Object.getPrototypeOf(document.document) },
    Element: ElementDouble,
    HTMLElement: ElementDouble,
    HTMLFormElement: NeverDouble,
    MouseEvent: NeverDouble,
    SubmitEvent: NeverDouble,
    __import: createImport(browser, document, () => globals),
  };
  for (const name of GLOBAL_NAMES) if (globals[name] !== undefined) Reflect.set(window, name, globals[name]);
  return globals;
}

/** In browsers it is the prototype that has a document's members: scripts go there, because elements may hide them. */
function letPrototypeAnswer(node: EventTargetDouble): void {
  const prototype = new Proxy(EventTargetDouble.prototype, {
    get: (target, name) => (Object.hasOwn(node, name) ? Reflect.get(node, name) : Reflect.get(target, name, node)),
  });
  Object.setPrototypeOf(node, prototype);
}

function createNodes(browser: Browser, document: SimulatedDocument) {
  const [documentElement, head, body] = ["HTML", "HEAD", "BODY"].map((name) => new ContainerDouble(name));
  return {
    documentElement,
    head,
    body,
    createElement: (tagName: string) => createElement(browser, document, tagName),
    getElementById: (id: string) => {
      const textContent = document.texts.get(id);
      return textContent === undefined ? null : { textContent };
    },
    querySelector: () => null,
  };
}

/** Nothing but a visitor's action takes nodes from the page: that tells it (visitor/actions.ts). */
function createMutationObserver(document: SimulatedDocument) {
  return function MutationObserver(callback: () => void) {
    return {
      observe: () => document.window.addEventListener(MUTATION, callback),
      disconnect: () => document.window.removeEventListener(MUTATION, callback),
    };
  };
}
