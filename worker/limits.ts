/** The edge's own numbers. What pages must agree on is in protocol/limits.ts. */

/**
 * How long Workers KV may answer from its own cache. With the two below it adds up to the two minutes within which a
 * removed domain stops working.
 */
export const KV_CACHE_SECONDS = 60;

/** How long an isolate serves a tenant from memory before it asks KV again. */
export const TENANT_FRESH_SECONDS = 30;

/** How long a browser uses the iframe page before it revalidates. */
export const IFRAME_PAGE_MAX_AGE_SECONDS = 30;

/** How old a tenant may be that is served because KV fails. */
export const TENANT_STALE_SECONDS = 3600;

/** Memory for tenants in one isolate, of its 128 MB: 16,000 small tenants, or 130 of 500 domains each. */
export const TENANT_MEMORY_BYTES = 10_000_000;

/** Memory for rendered iframe pages in one isolate: of 10,000 small tenants, or 280 of 500 domains each. */
export const IFRAME_PAGE_MEMORY_BYTES = 30_000_000;

/** Rendered iframe pages of one tenant: each value of `Sec-Fetch-Storage-Access`, under two host names of the hub. */
export const MAX_IFRAME_PAGES_PER_TENANT = 8;

/** How long browsers insist on https for the hub: two years. */
export const HSTS_MAX_AGE_SECONDS = 63_072_000;

/** The longest outcome, and room for those of later versions. */
export const MAX_OUTCOME_BODY_BYTES = 32;

/** A session that a cookie can hold, each character written as JSON's longest escape, and its site's base. */
export const MAX_LANE_BODY_BYTES = 32_768;

/** A session that a cookie can hold, each character written as JSON's longest escape, and room for names and origins. */
export const MAX_HANDOFF_BODY_BYTES = 32_768;
