/**
 * Tells documents what `cookieStore` tells them: that a cookie which they can see has changed. What is written and removed in one
 * step is left out: scripts probe cookies all the time, and each probe would be an event for each frame.
 */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import type { Cookie } from "./cookie-jar.ts";
import { EventTargetDouble } from "./events.ts";
import { domainMatches } from "./sites.ts";
import { cookieScopeOf } from "./storage-access.ts";

export type CookieChange = {
  readonly cookie: Cookie;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

export type CookieChanges = {
  readonly add: (change: CookieChange) => void;
  /** Sends the events of the step. */
  readonly announce: (browser: Browser) => void;
};

export function createCookieChanges(): CookieChanges {
  const changes = new Map<string, CookieChange>();
  /** Documents to which an event is on its way already. */
  const announced = new Set<SimulatedDocument>();

  function add(change: CookieChange): void {
    const { name, domain, path, partition } = change.cookie;
    const key = [name, domain, path, partition].join();
    const first = changes.get(key);
    changes.set(key, first ? { ...change, before: first.before } : change);
  }

  function announce(browser: Browser): void {
    if (changes.size === 0) return;
    for (const { cookie, before, after } of changes.values()) if (before !== after) announceOne(browser, cookie);
    changes.clear();
  }

  function announceOne(browser: Browser, cookie: Cookie): void {
    for (const document of browser.documents) {
      const store: unknown = Reflect.get(document.window, "cookieStore");
      if (!(store instanceof EventTargetDouble) || !store.hasListeners("change") || announced.has(document)) continue;
      const scope = cookieScopeOf(browser, document);
      if (!scope || scope.partition !== cookie.partition || !domainMatches(scope.host, cookie.domain)) continue;
      announced.add(document);
      browser.scheduler.add({
        kind: "local",
        channel: `cookie changes ${document.id}`,
        label: () => `${labelOf(document)} hears that a cookie has changed`,
        isAlive: () => document.isAlive,
        run() {
          announced.delete(document);
          store.dispatchEvent({ type: "change" });
        },
      });
    }
  }

  return { add, announce };
}
