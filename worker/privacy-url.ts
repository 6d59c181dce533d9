import type { Tenant } from "../tenants/tenant-document.ts";

/**
 * The tenant's privacy notice, unless it is on the hub itself. Browsers call a click from one page of the hub to another
 * same-origin, which the continue page takes for the hub's own doing (continue-page.ts): a tenant could have its visitors
 * click through to another tenant's continue page.
 *
 * @param hub the origin that the hub is asked under
 */
export function privacyUrlOf({ privacyUrl }: Tenant, hub: string): string | undefined {
  return privacyUrl === undefined || URL.parse(privacyUrl)?.origin === hub ? undefined : privacyUrl;
}
