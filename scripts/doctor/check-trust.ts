import { parseTrustedDomain } from "../../protocol/origins.ts";
import { explainDistrust, trustedBy } from "../trust/explain-trust.ts";
import type { TenantSettings } from "./check-tenant.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { matchesSourceList } from "./source-list.ts";

/** Whether the tenant lets the page in, by its list and by the header that browsers go by. */
export function checkTrust(page: URL, hub: URL, settings: TenantSettings | undefined): Finding {
  if (!parseTrustedDomain(page.origin).ok) {
    return problem(`${page.origin} is plain http: it cannot be trusted.`, "Serve the page over https.");
  }
  if (!settings)
    return warning("Whether the tenant trusts the page is not known.", "Mend the hub and the tenant first.");
  const { trusted, frameAncestors } = settings;
  const entry = trustedBy(page.origin, trusted);
  if (entry === undefined) {
    return problem(
      `${page.origin} is not trusted by the tenant: ${explainDistrust(page.origin, trusted)}.`,
      `Add ${page.origin} to TRUSTED_DOMAINS, or redirect the page to a trusted origin. A change takes up to two minutes.`,
    );
  }
  if (frameAncestors.every((sources) => matchesSourceList(sources, new URL(page.origin), hub))) {
    return ok(`${page.origin} is trusted, by ${entry}.`);
  }
  return problem(
    `${page.origin} is trusted, but not in the frame-ancestors of the hub's page.`,
    "Look what between the hub and the internet changes headers. An IPv6 address cannot be named there: use localhost.",
  );
}
