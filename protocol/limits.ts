/** Every number that the parts of Carryover agree on, with its unit in its name. */

/** Domains in one tenant's `TRUSTED_DOMAINS`. */
export const MAX_TRUSTED_DOMAINS = 500;

/** Name and value of one cookie together: what every browser stores at least (RFC 6265bis, section 5.7). */
export const MAX_COOKIE_BYTES = 4096;

/** How long the hub keeps a session, and the tombstone of an ended one, unless the tenant says otherwise: 7 days. */
export const DEFAULT_SESSION_MAX_AGE_SECONDS = 604_800;

/** Browsers cap a cookie's life at 400 days (RFC 6265bis, section 5.5). */
export const MAX_SESSION_MAX_AGE_SECONDS = 34_560_000;

/** How long a page waits for the hub before its chat starts without it. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** Handoff codes in one link: one for each session cookie of the page. */
export const MAX_CODES_PER_LINK = 8;

/** How long a handoff code is good: a slow page's load, and little more. */
export const HANDOFF_LIFE_SECONDS = 60;

/** How long a navigation is held back at most for what a link may carry. */
export const LINK_PATIENCE_MS = 300;
