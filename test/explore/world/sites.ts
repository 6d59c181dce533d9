/** The hosts of the simulated web. Public suffixes are single labels, as `test` is. */
export const HUB_ORIGIN = "https://hub.test";

/** The registrable domain of a host: `www.shop-a.test` → `shop-a.test`. */
export function siteOf(host: string): string {
  return host.split(".").slice(-2).join(".");
}

/** Whether a host is the domain, or one of its subdomains (RFC 6265, section 5.1.3). */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
