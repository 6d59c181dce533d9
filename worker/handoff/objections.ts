import { isTrustedOrigin } from "../../protocol/origins.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import type { HandoffContext } from "./admit.ts";
import { clientNetwork } from "./client-network.ts";
import type { Handoff } from "./sealed-handoff.ts";

/** Where a code is brought to: any trusted page, for its link may have been redirected. */
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
  if (!isTrustedOrigin(to, tenant.trustedOrigins)) return "destination not trusted";
  // A redirect back home brings nothing that the visitor does not have there. A link that somebody has written there could.
  if (handoff.from === to) return "source is destination";
  if (handoff.from !== referrer && !sendsOn(referrer, to, tenant)) return "referrer is not where the code comes from";
  // Anyone who has caught a code, as by an open redirect, can put anything into headers, but cannot easily call from elsewhere.
  if (handoff.userAgent !== (c.req.header("User-Agent") ?? "")) return "another browser's code";
  if (handoff.network !== clientNetwork(c)) return "another network's code";
  if (handoff.from !== new URL(c.req.url).origin && !isTrustedOrigin(handoff.from, tenant.trustedOrigins)) {
    return "source no longer trusted";
  }
  return undefined;
}

/**
 * Whether a page of the referrer may have sent the visitor on by script. An HTTP redirect keeps the referrer of the page with the link.
 * If any site counted, a link on it could seat a visitor in a stranger's chat. So could one within the page's own site, where
 * visitors may write: codes in such links are not taken out (client/links/links.ts).
 */
function sendsOn(referrer: string, to: string, tenant: Tenant): boolean {
  return referrer !== to && isTrustedOrigin(referrer, tenant.trustedOrigins);
}
