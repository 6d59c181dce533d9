import type { Tenant } from "../tenants/tenant-document.ts";

/**
 * The header that sets the hub cookie. `SameSite=None`, because it is read in an iframe on other sites, and sent from there. Not
 * `HttpOnly`: the iframe's script reads it, so that a load costs no request.
 */
export function setHubCookie(
  cookieName: string,
  value: string,
  { sessionMaxAgeSeconds }: Tenant,
): { "Set-Cookie": string } {
  return {
    "Set-Cookie": `${cookieName}=${value}; Secure; Path=/; SameSite=None; Max-Age=${sessionMaxAgeSeconds}`,
  };
}
