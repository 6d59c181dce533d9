/** The grammar of a tenant id, also its key in Workers KV. */
export const TENANT_ID_PATTERN = "[a-z][a-z0-9-]{0,62}";

/** The session endpoint of one cookie name, on the hub's own origin. */
export function sessionPath(tenant: string, name: string): string {
  return `/t/${tenant}/session/${encodeURIComponent(name)}`;
}
