/** The grammar of a tenant id, also its key in Workers KV. */
export const TENANT_ID_PATTERN = "[a-z][a-z0-9-]{0,62}";

/** The session endpoint of one cookie name, on the hub's own origin. */
export function sessionPath(tenant: string, name: string): string {
  return `/t/${tenant}/session/${encodeURIComponent(name)}`;
}

/** Request header of PUT and DELETE there: digests of sessions that are known to be older, with nothing between. */
export const OLDER_HEADER = "Carryover-Older";

/** The first-party page of the hub, for browsers that want the visitor to have been there. */
export function continuePath(tenant: string): string {
  return `/t/${tenant}/continue`;
}

/** Where codes are minted, on the hub's own origin. */
export function handoffPath(tenant: string): string {
  return `/t/${tenant}/handoff`;
}

/** Where pages that a link has led to redeem its codes. */
export const ARRIVAL_PATH = "/redeem";

/** Where the hub's own pages redeem them. */
export function redeemPath(tenant: string): string {
  return `${handoffPath(tenant)}/redeem`;
}

/** Where outcomes (protocol/outcomes.ts) are sent, on the hub's own origin. */
export function outcomePath(tenant: string): string {
  return `/t/${tenant}/outcome`;
}

/** The page that tells an integrator what works in this browser. */
export function checkPath(tenant: string): string {
  return `/t/${tenant}/check`;
}

/** Fragment of the check page in the popup that it opens; a nonce follows. */
export const CHECK_WINDOW = "#window=";
