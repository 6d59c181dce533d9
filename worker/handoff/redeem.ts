import { isRedeemRequest } from "../../protocol/handoff.ts";
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
  const { code, name, to, referrer, claim } = request;

  let taken;
  try {
    const [object, nameTag] = await Promise.all([objectNameOf(code), nameTagOf(code, name)]);
    taken = await c.env.HANDOFFS.getByName(object).take({ nameTag, claim });
  } catch (error) {
    return fail(c, error);
  }
  if (taken === "nothing there") return refuse(c, "code unknown, used or expired");
  if (taken === "another cookie") return refuse(c, "another cookie's code");
  const handoff = await unseal(code, taken);
  if (handoff === undefined) return refuse(c, "undecipherable");
  if (handoff.tenant !== tenantId(c)) return refuse(c, "another tenant's code");
  const objection = objectionTo(c, tenant, handoff, { to, referrer });
  return objection === undefined ? answerJson(c, 200, handoff.session) : refuse(c, objection);
}
