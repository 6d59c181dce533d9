/** Which cookies a document sees, and the Storage Access API. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import type { CookieScope } from "./cookie-jar.ts";
import { siteOf } from "./sites.ts";

/** @returns `undefined` where cookies are blocked */
export function cookieScopeOf({ engine }: Browser, document: SimulatedDocument): CookieScope | undefined {
  const { hostname: host, pathname: path } = document.url;
  const isCrossSite = siteOf(host) !== document.topLevelSite;
  const isUnpartitioned = !isCrossSite || document.hasStorageAccess || engine.thirdPartyCookies === "allowed";
  if (!isUnpartitioned && engine.thirdPartyCookies === "blocked") return undefined;
  return { host, path, isCrossSite, partition: isUnpartitioned ? "" : document.topLevelSite };
}

/** Whether a frame of the hub uses the cookies that the hub's frames on other sites use, too. */
export function hasUnpartitionedCookies(browser: Browser, document: SimulatedDocument): boolean {
  return cookieScopeOf(browser, document)?.partition === "";
}

export function createStorageAccess(browser: Browser, document: SimulatedDocument) {
  const { engine, scheduler } = browser;

  async function hasStorageAccess(): Promise<boolean> {
    return engine.hasStorageAccess || document.hasStorageAccess;
  }

  function requestStorageAccess(): Promise<void> {
    return new Promise((resolve, reject) => {
      scheduler.add({
        kind: "local",
        channel: `request ${browser.nextId()}`,
        label: () => `the browser answers the request for storage access of ${labelOf(document)}`,
        isAlive: () => document.isAlive,
        run() {
          if (!isGranted()) return reject(new DOMException("No gesture, no grant.", "NotAllowedError"));
          document.hasStorageAccess = true;
          resolve();
        },
      });
    });
  }

  function isGranted(): boolean {
    return engine.isGranted || engine.hasStorageAccess || document.hasStorageAccess;
  }

  const permissions = {
    async query({ name }: { readonly name: string }) {
      if (name === "storage-access" && engine.permission) return { state: engine.permission };
      throw new TypeError(`${name} is no permission of this browser.`);
    },
  };

  return { hasStorageAccess, requestStorageAccess, permissions };
}
