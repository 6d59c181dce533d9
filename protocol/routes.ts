/** The grammar of a tenant id, also its key in Workers KV. */
export const TENANT_ID_PATTERN = "[a-z][a-z0-9-]{0,62}";

/** Where a tenant's pages and endpoints are, on the hub's own origin. Its pages name one another, and the endpoints, relative to it. */
export function tenantPath(tenant: string): string {
  return `/t/${tenant}/`;
}

/** The session endpoint of one cookie name. */
export function sessionPath(name: string): string {
  return `session/${encodeURIComponent(name)}`;
}

/** Request header of PUT and DELETE there: digests of sessions that are known to be older, with nothing between. */
export const OLDER_HEADER = "Carryover-Older";

/** The first-party page of the hub, for browsers that want the visitor to have been there. */
export const CONTINUE_PATH = "continue";

/** Where codes are minted. */
export const HANDOFF_PATH = "handoff";

/** Where a page that a link has led to redeems the link's codes, of whatever tenant. */
export const ARRIVAL_PATH = "/redeem";

/** Where the hub's own pages redeem them. */
export const REDEEM_PATH = "handoff/redeem";

/** Where outcomes (protocol/outcomes.ts) are sent. */
export const OUTCOME_PATH = "outcome";

/** The page that tells an integrator what works in this browser. */
export const CHECK_PATH = "check";

/** Fragment of the check page in the popup that it opens; a nonce follows. */
export const CHECK_WINDOW = "#window=";

/** Fragment of the check page where its frame was made by the lines for the console; what those have found follows, as JSON. */
export const PAGE_FACTS = "#page=";
