/** What the shops' pages consist of: the hub's script, and a chat that uses it as docs/api.md says. */
import type { Calls } from "../check/calls.ts";
import type { Oracle } from "../check/oracle.ts";
import type { Browser } from "../world/browser.ts";
import type { SimulatedDocument } from "../world/browsing-context.ts";
import { attempt } from "../world/events.ts";
import { createGlobals } from "../world/globals.ts";
import { HUB_ORIGIN } from "../world/sites.ts";
import { COOKIE_NAME, OTHER_TENANT, SECOND_COOKIE_NAME, STRANGER, type Spec, TENANT } from "./spec.ts";

/** As much of the public API as the pages use. */
export type Provider = {
  readonly status: { readonly access: string };
  loadCookie(): Promise<string | null>;
  saveCookie(): Promise<boolean>;
  clearCookie(): Promise<boolean>;
  decorate(url: string): Promise<string>;
  addEventListener(type: "saved", listener: () => void): void;
};

type ProviderClass = new (name: string, iframeUrl: string) => Provider;

export type Pages = {
  readonly run: (document: SimulatedDocument) => void;
  readonly providerOf: (document: SimulatedDocument) => Provider | undefined;
};

export function createPages(spec: Spec, oracle: Oracle, browser: () => Browser, calls: () => Calls): Pages {
  const providers = new Map<SimulatedDocument, Provider>();

  function run(document: SimulatedDocument): void {
    oracle.beginPage(document);
    const globals = createGlobals(browser(), document);
    attempt(() => browser().scripts.page(globals));
    const CookieProvider = Reflect.get(document.window, "CookieProvider") as ProviderClass;
    const isStranger = document.url.hostname === STRANGER;
    attempt(() => {
      const provider = new CookieProvider(COOKIE_NAME, iframeUrl(isStranger ? OTHER_TENANT : TENANT));
      providers.set(document, provider);
      provider.addEventListener("saved", () => oracle.confirm(document));
      for (let call = 0; call < (spec.loadsTwice ? 2 : 1); call++) {
        void calls().make(document, "loadCookie", () => provider.loadCookie());
      }
      if (spec.hasSecondCookie) void new CookieProvider(SECOND_COOKIE_NAME, iframeUrl(TENANT)).loadCookie();
      // A stranger tries the tenant's hub, too.
      if (isStranger) void new CookieProvider(COOKIE_NAME, iframeUrl(TENANT)).loadCookie();
    });
  }

  return { run, providerOf: (document) => providers.get(document) };
}

function iframeUrl(tenant: string): string {
  return `${HUB_ORIGIN}/t/${tenant}/iframe.html`;
}
