import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type Result, failure, success } from "../../protocol/result.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import { answerText } from "../answers.ts";
import type { Env } from "../env.ts";
import { MAX_HANDOFF_BODY_BYTES } from "../limits.ts";
import { log } from "../log.ts";
import { isWithinRate } from "../rate-limit.ts";
import { isSameOrigin } from "../same-origin.ts";
import { answerTenantFailure } from "../tenant-failures.ts";
import { findTenant } from "../tenant-store.ts";

export type HandoffContext = Context<{ Bindings: Env }>;

/** Refuses a body that no handoff needs before it is read into memory. */
export const limitHandoffBody = bodyLimit({
  maxSize: MAX_HANDOFF_BODY_BYTES,
  onError: (c) => refuse(c, "body too large"),
});

/** One answer for every refusal: what was wrong with a code is for the operator's log, not for whoever tries codes. */
export function refuse(c: Context, reason: string): Response {
  logRefusal(c, reason);
  return answerText(c, 403, "This session is not handed over.");
}

/** @param status of the answer, which may be about more than the code */
export function logRefusal(c: Context, reason: string, status = 403): void {
  log(c, { event: "refused", status, reason: `handoff: ${reason}` });
}

/** The Durable Object, or the way to it, is down: the link goes without its code. */
export function fail(c: Context, error: unknown, headers?: Record<string, string>): Response {
  const reason = `handoff: ${error instanceof Error ? error.message : String(error)}`;
  log(c, { event: "failed", status: 503, reason });
  return answerText(c, 503, "The hub cannot hand over sessions just now.", { "Retry-After": "30", ...headers });
}

/** Lets in what a page of the hub asks for a tenant that wants handoffs, not too often, in the right shape. */
export async function admit<Request>(
  c: HandoffContext,
  isRequest: (data: unknown) => data is Request,
): Promise<Result<{ readonly tenant: Tenant; readonly request: Request }, Response>> {
  if (!isSameOrigin(c)) return failure(refuse(c, "not same-origin"));
  const tenant = await findTenant(c, tenantId(c));
  if (!tenant.ok) return failure(answerTenantFailure(c, tenant.reason));
  if (!(await isWithinRate(c, c.env.HANDOFF_LIMIT, "handoff"))) return failure(refuse(c, "too many requests"));
  if (!tenant.value.handoff) return failure(refuse(c, "switched off"));
  const request = await c.req.json<unknown>().catch(() => undefined);
  if (!isRequest(request)) return failure(refuse(c, "malformed request"));
  return success({ tenant: tenant.value, request });
}

export function tenantId(c: HandoffContext): string {
  return c.req.param("tenant") ?? "";
}
