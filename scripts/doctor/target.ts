import type { TenantSettings } from "./check-tenant.ts";

/** What pages are looked at for: one tenant of one hub. */
export type Target = {
  readonly hub: URL;
  readonly iframeUrl: URL;
  /** The hub's release, if it answers. */
  readonly hubVersion: string | undefined;
  /** Known if the tenant's page is served. */
  readonly settings: TenantSettings | undefined;
};
