import { isTrustedOrigin } from "../../protocol/origins.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import type { HandoffContext } from "./admit.ts";
import { clientNetwork } from "./client-network.ts";
import type { Handoff } from "./sealed-handoff.ts";

/** Where a code is brought to. */
export type Bringing = {
  /** Origin of the page. */
  readonly to: string;
  /** Origin of its referrer. */
  readonly referrer: string;
};

/** What a code is bound to, and what must still hold of it: the reason why it is refused, for the log. */
export function objectionTo(
  c: HandoffContext,
  tenant: Tenant,
  handoff: Handoff,
  { to, referrer }: Bringing,
): string | undefined {
  if (!tenant.handoff) return "switched off";
  if (Date.now() >= handoff.expiresAtMs) return "expired";
  if (handoff.to !== to) return "another destination's code";
  // Otherwise a link on any site could seat a visitor in a stranger's chat.
  if (handoff.from !== referrer) return "referrer is not where the code was minted";
  // Anyone who has caught a code, as by an open redirect, can put anything into headers, but cannot easily call from elsewhere.
  if (handoff.userAgent !== (c.req.header("User-Agent") ?? "")) return "another browser's code";
  if (handoff.network !== clientNetwork(c)) return "another network's code";
  if (!isTrustedOrigin(handoff.to, tenant.trustedOrigins)) return "destination no longer trusted";
  if (handoff.from !== new URL(c.req.url).origin && !isTrustedOrigin(handoff.from, tenant.trustedOrigins)) {
    return "source no longer trusted";
  }
  return undefined;
}
