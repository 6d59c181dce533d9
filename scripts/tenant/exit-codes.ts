/** Done, or trusted. */
export const DONE = 0;

/** The document is bad, the tenant is not there, the answer was no, or the origin is not trusted. */
export const REFUSED = 1;

/** The command line is wrong, or wrangler failed. */
export const FAILED = 2;
