import { type RedeemRequest, isRedeemRequest } from "../../protocol/handoff.ts";
import { type Result, failure, success } from "../../protocol/result.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import { answerJson } from "../answers.ts";
import { type HandoffContext, admit, fail, refuse, tenantId } from "./admit.ts";
import { objectionTo } from "./objections.ts";
import { nameTagOf, objectNameOf, unseal } from "./sealed-handoff.ts";

/**
 * `POST /t/<tenant>/handoff/redeem`: gives out the session that a code stands for, to the first who asks, by the hub's own pages. Whatever else is
 * wrong, a code that is brought with its cookie's name is used up by it.
 */
export async function redeemHandoff(c: HandoffContext): Promise<Response> {
  const admitted = await admit(c, isRedeemRequest);
  if (!admitted.ok) return admitted.reason;
  const { tenant, request } = admitted.value;
  const redeemed = await redeemCode(c, tenant, request);
  if (redeemed.ok) return answerJson(c, 200, redeemed.value);
  const { reason } = redeemed;
  return reason instanceof Error ? fail(c, reason) : refuse(c, reason);
}

/** The session, or the reason why not; an error, if the way to it is down. */
export async function redeemCode(
  c: HandoffContext,
  tenant: Tenant,
  { code, name, to, referrer, claim }: RedeemRequest,
): Promise<Result<string, string | Error>> {
  let taken;
  try {
    const [object, nameTag] = await Promise.all([objectNameOf(code), nameTagOf(code, name)]);
    taken = await c.env.HANDOFFS.getByName(object).take({ nameTag, claim });
  } catch (error) {
    return failure(error instanceof Error ? error : new Error(String(error)));
  }
  if (taken === "nothing there") return failure("code unknown, used or expired");
  if (taken === "another cookie") return failure("another cookie's code");
  const handoff = await unseal(code, taken);
  if (handoff === undefined) return failure("undecipherable");
  if (handoff.tenant !== tenantId(c)) return failure("another tenant's code");
  const objection = objectionTo(c, tenant, handoff, { to, referrer });
  return objection === undefined ? success(handoff.session) : failure(objection);
}
