import {
  isLoopback,
  isTrustedOrigin,
  parseTrustedDomain,
  partsOf,
  type TrustedOrigin,
  type TrustedParts,
} from "../../protocol/origins.ts";
import { type Tenant, checkTenantDocument, tenantDocument } from "../../tenants/tenant-document.ts";
import { likelySpelling } from "../trust/likely-spelling.ts";
import { publicSuffixUnder } from "./public-suffix.ts";

/** One thing to say about a document, with its place, e.g. `TRUSTED_DOMAINS[3]`, or "" for the whole. */
export type Finding = { readonly isError: boolean; readonly path: string; readonly message: string };

export type CheckedDocument = {
  /** In the document's order. */
  readonly findings: readonly Finding[];
  /** None if the document is refused. */
  readonly tenant: Tenant | undefined;
};

const KNOWN_KEYS = ["$schema", ...Object.keys(tenantDocument.entries)];

type Entry = { readonly path: string; readonly written: string; readonly trusted: TrustedOrigin } & TrustedParts;

/** The Worker's own check, and what the Worker lets pass but nobody can have meant. */
export function checkDocument(json: unknown, { remote }: { remote: boolean }): CheckedDocument {
  const checked = checkTenantDocument(json);
  const errors = checked.ok ? [] : checked.reason.map((complaint) => ({ isError: true, ...complaint }));
  const entries = readEntries(json);
  const findings = [
    ...errors,
    ...entries.flatMap((entry) => findWideWildcard(entry)),
    ...findUnknownKeys(json),
    ...entries.flatMap((entry, index) => findNeedless(entry, entries.slice(0, index), entries)),
    ...entries.flatMap((entry, index) => findSharingApex(entry, entries.slice(0, index), entries)),
    ...(remote ? entries.flatMap((entry) => findLoopback(entry)) : []),
    ...(checked.ok && checked.value.trustedOrigins.length === 0 ? [warn("TRUSTED_DOMAINS", TRUSTS_NOBODY)] : []),
  ];
  const isRefused = findings.some(({ isError }) => isError);
  return { findings, tenant: checked.ok && !isRefused ? checked.value : undefined };
}

const TRUSTS_NOBODY = "is empty: no site can use this tenant";

/** The domains that parse, whatever else is wrong. */
function readEntries(json: unknown): Entry[] {
  const domains = Array.isArray(json) ? json : isObject(json) ? json["TRUSTED_DOMAINS"] : undefined;
  if (!Array.isArray(domains)) return [];
  return domains.flatMap((written: unknown, index) => {
    const parsed = parseTrustedDomain(written);
    return parsed.ok
      ? [
          {
            path: `TRUSTED_DOMAINS[${index}]`,
            written: JSON.stringify(written),
            trusted: parsed.value,
            ...partsOf(parsed.value),
          },
        ]
      : [];
  });
}

function findWideWildcard({ path, written, ...parts }: Entry): Finding[] {
  const suffix = suffixOfWildcard(parts);
  if (suffix === undefined) return [];
  const message = `${written} would trust everybody's sites: ${suffix} is a public suffix; name the domains`;
  return [{ isError: true, path, message }];
}

function suffixOfWildcard({ origin, subdomains }: TrustedParts): string | undefined {
  return subdomains ? publicSuffixUnder(new URL(origin).hostname) : undefined;
}

function findUnknownKeys(json: unknown): Finding[] {
  if (!isObject(json)) return [];
  const unknown = Object.keys(json).filter((key) => !KNOWN_KEYS.includes(key));
  return unknown.map((key) => {
    const meant = likelySpelling(key, KNOWN_KEYS);
    const hint =
      meant === undefined ? `this version knows ${KNOWN_KEYS.slice(1).join(", ")}` : `did you mean "${meant}"?`;
    return warn(key, `is an unknown key, without effect: ${hint}`);
  });
}

/** Repetitions, and what a wildcard trusts anyhow. */
function findNeedless(entry: Entry, before: readonly Entry[], all: readonly Entry[]): Finding[] {
  const { path, written, origin } = entry;
  const same = findSame(entry, before);
  if (same) return [warn(path, `${written} repeats ${same.path}`)];
  const wider = all.find((other) => other.subdomains && isTrustedOrigin(origin, [other.trusted]));
  return wider ? [warn(path, `${written} is covered by ${wider.path} ${wider.written}`)] : [];
}

/** A cookie for a domain reaches the domain itself, too: browsers have none for its subdomains only. */
function findSharingApex(entry: Entry, before: readonly Entry[], all: readonly Entry[]): Finding[] {
  const { path, written, origin, subdomains } = entry;
  if (!subdomains || findSame(entry, before) || suffixOfWildcard(entry) !== undefined) return [];
  const apex = new URL(origin).hostname;
  if (all.some((other) => coversHost(apex, other))) return [];
  const remedy = 'add it, or have pages say cookie.domain: "host"';
  return [warn(path, `${written} shares session cookies with ${apex} itself, which is not trusted: ${remedy}`)];
}

function findSame({ trusted }: Entry, among: readonly Entry[]): Entry | undefined {
  return among.find((other) => other.trusted === trusted);
}

/** By host only: cookies have no ports. */
function coversHost(host: string, { origin, subdomains }: TrustedParts): boolean {
  const { hostname } = new URL(origin);
  return subdomains ? host.endsWith(`.${hostname}`) : host === hostname;
}

function findLoopback({ path, written, origin }: Entry): Finding[] {
  if (!isLoopback(new URL(origin).hostname)) return [];
  return [warn(path, `${written} is each visitor's own machine: keep it out of a deployed hub`)];
}

function warn(path: string, message: string): Finding {
  return { isError: false, path, message };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
