import { CHECK_PATH, PAGE_FACTS, tenantPath } from "../../protocol/routes.ts";

/**
 * The lines that an integrator pastes into the console of a page: they embed the check page, and hand it what only the page itself can
 * see (client/check/page-facts.ts).
 */
export function snippetFor(hub: string, tenant: string): string {
  return `{
  const all = (selector) => [...document.querySelectorAll(selector)];
  const facts = {
    copies: Math.max(all('script[src*="/cookie-provider."]').length, Symbol.for("carryover") in window),
    silent: all("a[rel~=noreferrer i], a[referrerpolicy]").map(({ origin }) => origin),
    hidden: all("form, img, iframe, embed, object").map(({ name }) => name).filter((name) => name in Document.prototype),
    replacers: ["Turbo", "Turbolinks", "htmx"].filter((name) => name in window),
    worker: !!navigator.serviceWorker?.controller,
  };
  document.body.append(Object.assign(document.createElement("iframe"), {
    src: "${hub}${tenantPath(tenant)}${CHECK_PATH}${PAGE_FACTS}" + encodeURIComponent(JSON.stringify(facts)),
    allow: "storage-access; clipboard-write",
    style: "position:fixed;inset:0;z-index:2147483647;width:100%;height:100%;border:0;background:Canvas",
  }));
}`;
}
