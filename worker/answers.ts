import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { log } from "./log.ts";
import { securityHeaders } from "./security-headers.ts";

/** A plain sentence for a person or a console: every refusal and error of the hub looks like this. */
export function answerText(
  c: Context,
  status: ContentfulStatusCode,
  text: string,
  headers: Record<string, string> = {},
): Response {
  return c.text(text, status, { ...securityHeaders(c.req.url), "Cache-Control": "no-store", ...headers });
}

/** What the hub's own scripts read. */
export function answerJson(
  c: Context,
  status: ContentfulStatusCode,
  value: object | string,
  headers: Record<string, string> = {},
): Response {
  return c.json(value, status, { ...securityHeaders(c.req.url), "Cache-Control": "no-store", ...headers });
}

/**
 * One handler for an address that is read only: the router then calls it directly, which a chain of two would double the cost of.
 */
export function answerGet<C extends Context>(answer: (c: C) => Response | Promise<Response>): typeof answer {
  const refuse = answerMethodNotAllowed("GET, HEAD");
  return (c) => (c.req.method === "GET" || c.req.method === "HEAD" ? answer(c) : refuse(c));
}

/** `405` for a known address and a method that it does not speak. */
export function answerMethodNotAllowed(allowed: string): (c: Context) => Response {
  return (c) => {
    log(c, { event: "refused", status: 405, reason: "method not allowed" });
    return answerText(c, 405, `${c.req.method} is not spoken here. Allowed: ${allowed}.`, { Allow: allowed });
  };
}
