import { HSTS_MAX_AGE_SECONDS } from "./limits.ts";

/**
 * Headers of every answer of the Worker.
 *
 * Two usual ones are missing on purpose: `X-Frame-Options` cannot name several embedders (`frame-ancestors` can), and
 * `Cross-Origin-Opener-Policy` would cut the hub's pages off from their opener.
 *
 * @param policy the Content-Security-Policy directives of this answer beyond the closed default
 */
export function securityHeaders(requestUrl: string, policy = "frame-ancestors 'none'"): Record<string, string> {
  return {
    "Content-Security-Policy": `default-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; ${policy}`,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    ...(requestUrl.startsWith("https:") && { "Strict-Transport-Security": `max-age=${HSTS_MAX_AGE_SECONDS}` }),
  };
}

/** A Content-Security-Policy source that allows this very text. */
export async function hashSource(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`;
}

/** The directive that lets a tenant's sites, and nobody else, embed a page. */
export function frameAncestors(trustedDomains: readonly string[]): string {
  // A source cannot be an IPv6 address: browsers ignore it, with a warning in every visitor's console.
  return `frame-ancestors ${trustedDomains.filter((domain) => !domain.includes("[")).join(" ") || "'none'"}`;
}
