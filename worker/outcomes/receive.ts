import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { isOutcome } from "../../protocol/outcomes.ts";
import { answerText } from "../answers.ts";
import type { Env } from "../env.ts";
import { MAX_OUTCOME_BODY_BYTES } from "../limits.ts";
import { log } from "../log.ts";
import { answerTooManyRequests, isWithinRate } from "../rate-limit.ts";
import { isSameOrigin } from "../same-origin.ts";
import { securityHeaders } from "../security-headers.ts";
import { answerTenantFailure } from "../tenant-failures.ts";
import { findTenant } from "../tenant-store.ts";
import { count, sampleRate } from "./count.ts";

/** Refuses what is longer than any outcome before it is read into memory. */
export const limitOutcomeBody = bodyLimit({
  maxSize: MAX_OUTCOME_BODY_BYTES,
  onError: (c) => refuse(c, 413, "An outcome is one word.", "body too large"),
});

/** `POST /t/<tenant>/outcome`: a beacon of the hub's iframe. Nobody reads the answer but whoever looks into the network panel. */
export async function receiveOutcome(c: Context<{ Bindings: Env }>): Promise<Response> {
  if (!isSameOrigin(c)) return refuse(c, 403, "Only the hub's own pages may do this.", "not same-origin");
  const id = c.req.param("tenant") ?? "";
  // Only tenants that there are: the index of the counts is nobody else's to fill.
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);
  if (!(await isWithinRate(c, c.env.OUTCOME_LIMIT, "outcome"))) return answerTooManyRequests(c, "outcome");
  const outcome = await c.req.text();
  if (!isOutcome(outcome)) return refuse(c, 400, "This hub knows no such outcome.", "unknown outcome");
  // A page may have been served before the operator switched counting off.
  if (sampleRate(c.env) > 0) count(c.env, id, outcome);
  return new Response(null, { status: 204, headers: { ...securityHeaders(c.req.url), "Cache-Control": "no-store" } });
}

function refuse(c: Context, status: 400 | 403 | 413, text: string, reason: string): Response {
  log(c, { event: "refused", status, reason: `outcome: ${reason}` });
  return answerText(c, status, text);
}
