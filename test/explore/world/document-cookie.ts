/** `document.cookie` and `cookieStore`. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import { EventTargetDouble } from "./events.ts";
import { cookieScopeOf } from "./storage-access.ts";

export function createDocumentCookie(browser: Browser, document: SimulatedDocument): void {
  Object.defineProperty(document.document, "cookie", {
    get: () =>
      visibleCookies(browser, document)
        .map(({ name, value }) => `${name}=${value}`)
        .join("; "),
    set(text: string) {
      write(browser, document, text);
    },
  });
}

export function visibleCookies(browser: Browser, document: SimulatedDocument) {
  const scope = cookieScopeOf(browser, document);
  return scope ? browser.jar.read(scope) : [];
}

function write(browser: Browser, document: SimulatedDocument, text: string): void {
  const scope = cookieScopeOf(browser, document);
  if (!scope) return;
  if (!scope.isCrossSite || !browser.engine.writesLate) return browser.jar.write(scope, text);
  browser.scheduler.add({
    kind: "local",
    channel: `cookies ${document.id}`,
    label: () => `the browser stores a cookie that ${labelOf(document)} wrote`,
    isAlive: () => true,
    run: () => browser.jar.write(scope, text),
  });
}

export function createCookieStore(browser: Browser, document: SimulatedDocument): EventTargetDouble {
  const store = Object.assign(new EventTargetDouble(), {
    getAll: async (name?: string) => list(name),
    get: async (name: string) => list(name)[0] ?? null,
  });

  function list(name?: string) {
    return visibleCookies(browser, document).filter((cookie) => name === undefined || cookie.name === name);
  }

  return store;
}
