import type { Arguments } from "./arguments.ts";
import { checkHub } from "./check-hub.ts";
import { checkPage } from "./check-page.ts";
import { checkSites } from "./check-sites.ts";
import { checkTenant, iframeUrlOf } from "./check-tenant.ts";
import { type Section, warning } from "./finding.ts";

/** Asks the hub, then the tenant, then the pages. Whatever fails is a finding. */
export async function diagnose({ hub, tenant, pages }: Arguments): Promise<Section[]> {
  const checkedHub = await checkHub(hub, pages);
  const isUp = checkedHub.version !== undefined;
  const checkedTenant = isUp ? await checkTenant(hub, tenant) : undefined;
  const target = {
    hub,
    iframeUrl: iframeUrlOf(hub, tenant),
    hubVersion: checkedHub.version,
    settings: checkedTenant?.settings,
  };
  const checkedPages = await Promise.all(pages.map((page) => checkPage(page, target)));
  const sites = checkSites(checkedPages.flatMap(({ url }) => url ?? []));
  return [
    checkedHub.section,
    checkedTenant?.section ?? notLookedAt(tenant),
    ...checkedPages.map(({ section }) => section),
    ...(sites ? [sites] : []),
  ];
}

function notLookedAt(tenant: string): Section {
  const finding = warning("The tenant was not looked at.", "Mend the hub first.");
  return { about: "tenant", subject: tenant, findings: [finding] };
}
