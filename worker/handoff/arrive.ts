import { type Arrived, isArrivalRequest } from "../../protocol/handoff.ts";
import { MAX_CODES_PER_LINK } from "../../protocol/limits.ts";
import { type Result, failure, success } from "../../protocol/result.ts";
import { answerJson } from "../answers.ts";
import { answerTooManyRequests, isWithinRate } from "../rate-limit.ts";
import { findTenant } from "../tenant-store.ts";
import { type HandoffContext, fail, logRefusal } from "./admit.ts";
import { type Bringing, objectionTo } from "./objections.ts";
import { objectNameOf, unseal } from "./sealed-handoff.ts";

/**
 * `POST /redeem`: gives out the sessions that the codes of one link stand for to the page that the link has led to, the first that asks.
 * That page is known by its `Origin`, which browsers let nobody choose; the tenant by the codes. A code that is brought is used up,
 * except for who brings it again with the same claim.
 */
export async function redeemArrival(c: HandoffContext): Promise<Response> {
  const to = c.req.header("Origin");
  if (to === undefined) return refuse(c, "no origin");
  // No tenant is known yet. Words, so that the page has its codes redeemed by the hub's iframe, which its tenant's limit lets through.
  if (!(await isWithinRate(c, c.env.HANDOFF_LIMIT, "handoff"))) return answerTooManyRequests(c, "handoff");
  const request = await c.req.json<unknown>().catch(() => undefined);
  if (!isArrivalRequest(request)) return refuse(c, "malformed request");
  const codes = request.codes.split(".").slice(0, MAX_CODES_PER_LINK);
  const redeemed = await Promise.all(
    codes.map((code) => redeemOne(c, code, request.claim, { to, referrer: request.referrer })),
  );
  const arrived = redeemed.flatMap((one) => (one.ok ? [one.value] : []));
  const [objection] = redeemed.flatMap((one) => (one.ok ? [] : [one.reason]));
  if (arrived.length > 0) {
    return answerJson(c, 200, arrived, { "Access-Control-Allow-Origin": to, Vary: "Origin" });
  }
  return objection instanceof Error ? fail(c, objection, READABLE) : refuse(c, objection ?? "no code");
}

/** To any page: there is nothing in it. */
const READABLE = { "Access-Control-Allow-Origin": "*" };

/** The page sees that its codes are of no more use, and nothing else. */
function refuse(c: HandoffContext, reason: string): Response {
  logRefusal(c, reason);
  return answerJson(c, 403, [], READABLE);
}

/** The session, or the reason why not; an error, if the way to it is down. */
async function redeemOne(
  c: HandoffContext,
  code: string,
  claim: string | undefined,
  bringing: Bringing,
): Promise<Result<Arrived, string | Error>> {
  try {
    const taken = await c.env.HANDOFFS.getByName(await objectNameOf(code)).take({ claim });
    if (typeof taken === "string") return failure("code unknown, used or expired");
    const handoff = await unseal(code, taken);
    if (handoff === undefined) return failure("undecipherable");
    const tenant = await findTenant(c, handoff.tenant);
    if (!tenant.ok) return failure(`its tenant is ${tenant.reason}`);
    const objection = objectionTo(c, tenant.value, handoff, bringing);
    const { name, session } = handoff;
    return objection === undefined ? success({ tenant: handoff.tenant, name, session }) : failure(objection);
  } catch (error) {
    return failure(error instanceof Error ? error : new Error(String(error)));
  }
}
