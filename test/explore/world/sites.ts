/** The hosts of the simulated web. Public suffixes are single labels, as `test` is. */
export const HUB_ORIGIN = "https://hub.test";

const sites = new Map<string, string>();

/** The registrable domain of a host: `www.shop-a.test` → `shop-a.test`. */
export function siteOf(host: string): string {
  const site = sites.get(host) ?? host.split(".").slice(-2).join(".");
  sites.set(host, site);
  return site;
}

/** Whether a host is the domain, or one of its subdomains (RFC 6265, section 5.1.3). */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
