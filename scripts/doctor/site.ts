import { getDomain } from "tldts";

/**
 * What browsers keep cookies by: scheme and registrable domain; the host itself where it has none.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site
 */
export function siteOf(url: URL): string {
  return `${url.protocol}//${getDomain(url.hostname, { allowPrivateDomains: true }) ?? url.hostname}`;
}
