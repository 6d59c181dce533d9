import type { DemoPorts } from "./ports.ts";

export const TENANT = "acme";

export interface DemoUrls {
  readonly hub: string;
  readonly shopA: string;
  readonly shopB: string;
}

/** Origins without a trailing slash. Three sites, as a browser counts them: nothing is shared between two of them. */
export function demoUrls({ hubPort, demoPort }: DemoPorts): DemoUrls {
  return {
    hub: `http://hub.localhost:${hubPort}`,
    shopA: `http://shop-a.localhost:${demoPort}`,
    shopB: `http://shop-b.localhost:${demoPort}`,
  };
}

/** What the operator of a real hub writes into KV for an organisation. */
export function tenantDocument(urls: DemoUrls): string {
  return JSON.stringify({
    TRUSTED_DOMAINS: [urls.shopA, urls.shopB],
    displayName: "Acme",
    accentColor: "#0a7d55",
  });
}
