import type { Context } from "hono";

/**
 * Whether the request was made by a page of the hub itself. `Origin` is on every PUT, POST and DELETE of a browser;
 * `Sec-Fetch-Site` is missing in Safari before 16.4 only.
 */
export function isSameOrigin(c: Context): boolean {
  return (
    c.req.header("Origin") === new URL(c.req.url).origin &&
    (c.req.header("Sec-Fetch-Site") ?? "same-origin") === "same-origin"
  );
}
