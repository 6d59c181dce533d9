import { partsOf, trustedScope } from "../../protocol/origins.ts";
import { type Tenant, parseTenantDocument } from "../../tenants/tenant-document.ts";
import { serialise, type TenantDocument } from "./read-document.ts";

export type Changes = {
  /** Whether KV would hold another text than now. */
  readonly isChanged: boolean;
  /** Whether somebody is no longer trusted. */
  readonly removesDomains: boolean;
  /** Lines for the reader, the first with the tenant's name. */
  readonly lines: readonly string[];
};

export const REVOCATION =
  "Removed domains: pages that are open keep their session; others lose the hub within two minutes.";

const SETTINGS = ["sessionMaxAgeSeconds", "handoff", "displayName", "accentColor", "privacyUrl"] as const;

/** What a document does to its tenant, by meaning. `present` is the text in KV, `null` if there is none. */
export function showChanges(id: string, present: string | null, next: TenantDocument): Changes {
  const domains = domainsOf(next.tenant);
  if (present === null) {
    const lines = [`${id}: new tenant, ${count(domains.length)}`, ...domains.map((domain) => `  + ${domain}`)];
    return { isChanged: true, removesDomains: false, lines: [...lines, ...sayMore(next.tenant)] };
  }
  const parsed = parseTenantDocument(present);
  if (!parsed.ok) {
    const why = parsed.reason.map(({ path, message }) => `${path} ${message}`.trim()).join("; ");
    const lines = [
      `${id}: what KV has is invalid, and trusts nobody (${why}); it is replaced by ${count(domains.length)}`,
      ...domains.map((domain) => `  + ${domain}`),
    ];
    return { isChanged: true, removesDomains: false, lines: [...lines, ...sayMore(next.tenant)] };
  }
  if (normalise(present) === next.text) {
    return { isChanged: false, removesDomains: false, lines: [`${id}: nothing changes`] };
  }
  const before = domainsOf(parsed.value);
  const added = domains.filter((domain) => !before.includes(domain));
  const removed = before.filter((domain) => !domains.includes(domain));
  const changes = [
    ...added.map((domain) => `  + ${domain}`),
    ...removed.map((domain) => `  - ${domain}`),
    ...(added.length + removed.length > 0 ? cookieScopes(next.tenant) : []),
    ...SETTINGS.filter((key) => parsed.value[key] !== next.tenant[key]).map(
      (key) => `  ${key}: ${show(parsed.value[key])} → ${show(next.tenant[key])}`,
    ),
  ];
  const heading = changes.length > 0 ? "changes" : "the same domains and settings, written differently";
  return { isChanged: true, removesDomains: removed.length > 0, lines: [`${id}: ${heading}`, ...changes] };
}

/** What goes with a tenant. */
export function showRemoval(id: string, present: string): readonly string[] {
  const parsed = parseTenantDocument(present);
  if (!parsed.ok) return [`${id}: tenant to be removed; what KV has is invalid, and trusts nobody`];
  const domains = domainsOf(parsed.value);
  return [`${id}: tenant to be removed, ${count(domains.length)}`, ...domains.map((domain) => `  - ${domain}`)];
}

function domainsOf({ trustedOrigins }: Tenant): string[] {
  return [...trustedOrigins];
}

/** What a document says beyond its domains. */
function sayMore(tenant: Tenant): string[] {
  return [...cookieScopes(tenant), ...settingsOf(tenant)];
}

/** How wide pages write a session that the hub brings, as long as they do not say otherwise. */
function cookieScopes({ trustedOrigins }: Tenant): string[] {
  const wildcards = trustedOrigins.map(partsOf).filter(({ subdomains }) => subdomains);
  const scopes = new Set(wildcards.map(({ origin }) => trustedScope(origin, trustedOrigins).slice(1)));
  if (scopes.size === 0) return ["  session cookies: each host's own"];
  return [...scopes].map((domain) => `  ${domain} and its subdomains share session cookies`);
}

function settingsOf(tenant: Tenant): string[] {
  return SETTINGS.filter((key) => tenant[key] !== undefined).map((key) => `  ${key}: ${show(tenant[key])}`);
}

function normalise(text: string): string {
  return serialise(JSON.parse(text));
}

function show(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}

function count(domains: number): string {
  return `${domains} ${domains === 1 ? "domain" : "domains"}`;
}
