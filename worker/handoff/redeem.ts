import { type RedeemRequest, isRedeemRequest } from "../../protocol/handoff.ts";
import { isTrustedOrigin } from "../../protocol/origins.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import { answerJson } from "../answers.ts";
import { type HandoffContext, admit, fail, refuse, tenantId } from "./admit.ts";
import { clientNetwork } from "./client-network.ts";
import { type Handoff, nameTagOf, objectNameOf, unseal } from "./sealed-handoff.ts";

/**
 * `POST /t/<tenant>/handoff/redeem`: gives out the session that a code stands for, once. Whatever else is wrong, a code that is
 * brought with its cookie's name is used up by it.
 */
export async function redeemHandoff(c: HandoffContext): Promise<Response> {
  const admitted = await admit(c, isRedeemRequest);
  if (!admitted.ok) return admitted.reason;
  const { tenant, request } = admitted.value;
  const { code, name } = request;

  let taken;
  try {
    const [object, nameTag] = await Promise.all([objectNameOf(code), nameTagOf(code, name)]);
    taken = await c.env.HANDOFFS.getByName(object).take(nameTag);
  } catch (error) {
    return fail(c, error);
  }
  if (taken === "nothing there") return refuse(c, "code unknown, used or expired");
  if (taken === "another cookie") return refuse(c, "another cookie's code");
  const handoff = await unseal(code, taken);
  if (handoff === undefined) return refuse(c, "undecipherable");
  const objection = objectionTo(c, tenant, handoff, request);
  return objection === undefined ? answerJson(c, 200, handoff.session) : refuse(c, objection);
}

/** What a code is bound to, and what must still hold of it. */
function objectionTo(c: HandoffContext, tenant: Tenant, handoff: Handoff, request: RedeemRequest): string | undefined {
  if (Date.now() >= handoff.expiresAtMs) return "expired";
  if (handoff.tenant !== tenantId(c)) return "another tenant's code";
  if (handoff.to !== request.to) return "another destination's code";
  // Otherwise a link on any site could seat a visitor in a stranger's chat.
  if (handoff.from !== request.referrer) return "referrer is not where the code was minted";
  // Whoever has caught a code, as by an open redirect, can say what he likes in headers, but not easily where he calls from.
  if (handoff.userAgent !== (c.req.header("User-Agent") ?? "")) return "another browser's code";
  if (handoff.network !== clientNetwork(c)) return "another network's code";
  if (!isTrustedOrigin(handoff.to, tenant.trustedOrigins)) return "destination no longer trusted";
  if (handoff.from !== new URL(c.req.url).origin && !isTrustedOrigin(handoff.from, tenant.trustedOrigins)) {
    return "source no longer trusted";
  }
  return undefined;
}
