/**
 * The KV document of a tenant: key = tenant id, value = JSON, either a bare array of domains or an object.
 * It is checked here, by the Worker that reads it and by the tools that write it, and nowhere else.
 */
import * as v from "valibot";
import {
  DEFAULT_SESSION_MAX_AGE_SECONDS,
  MAX_SESSION_MAX_AGE_SECONDS,
  MAX_TRUSTED_DOMAINS,
} from "../protocol/limits.ts";
import { type TrustedOrigin, parseTrustedDomain } from "../protocol/origins.ts";
import { type Result, failure, success } from "../protocol/result.ts";

export type Tenant = {
  /** Canonical and without duplicates, in the document's order. */
  readonly trustedOrigins: readonly TrustedOrigin[];
  readonly sessionMaxAgeSeconds: number;
  /** Whether links between the trusted domains may carry the session. */
  readonly handoff: boolean;
  /** Who asks, where the visitor is asked. */
  readonly displayName?: string | undefined;
  /** `#rrggbb` */
  readonly accentColor?: string | undefined;
  readonly privacyUrl?: string | undefined;
};

/** One complaint about a document, with the place it is about, e.g. `TRUSTED_DOMAINS[3]`. */
export type Complaint = { readonly path: string; readonly message: string };

const trustedDomain = v.pipe(
  v.unknown(),
  v.rawTransform(({ dataset, addIssue, NEVER }): TrustedOrigin => {
    const parsed = parseTrustedDomain(dataset.value);
    if (parsed.ok) return parsed.value;
    addIssue({ message: `${JSON.stringify(dataset.value)} ${parsed.reason}` });
    return NEVER;
  }),
);

const trustedDomains = v.pipe(
  v.array(trustedDomain, "must be an array of domains"),
  v.maxLength(
    MAX_TRUSTED_DOMAINS,
    (issue) => `names ${issue.input.length} domains; at most ${MAX_TRUSTED_DOMAINS} are allowed`,
  ),
);

/** The document as an object; a bare array of domains stands for one that has nothing else. */
export const tenantDocument = v.object(
  {
    TRUSTED_DOMAINS: trustedDomains,
    displayName: v.optional(
      v.pipe(
        v.string("must be text"),
        v.nonEmpty("must not be empty"),
        v.maxLength(80, "must be at most 80 characters"),
      ),
    ),
    accentColor: v.optional(
      v.pipe(v.string("must be text"), v.regex(/^#[\da-f]{6}$/i, 'must be a colour such as "#0a7d55"')),
    ),
    privacyUrl: v.optional(
      v.pipe(v.string("must be text"), v.url("must be a URL"), v.startsWith("https://", "must be an https:// URL")),
    ),
    sessionMaxAgeSeconds: v.optional(
      v.pipe(
        v.number("must be a number of seconds"),
        v.integer("must be a whole number of seconds"),
        v.minValue(60, "must be at least 60 seconds"),
        v.maxValue(MAX_SESSION_MAX_AGE_SECONDS, `must be at most ${MAX_SESSION_MAX_AGE_SECONDS} seconds (400 days)`),
      ),
      DEFAULT_SESSION_MAX_AGE_SECONDS,
    ),
    handoff: v.optional(v.boolean("must be true or false"), true),
  },
  // The one key that must be there is missing, or there are no keys at all.
  ({ path }) => (path ? "is missing" : "must be an object, or an array of domains"),
);

/** Parses and checks a KV document. A refusal lists every complaint, not just the first. */
export function parseTenantDocument(text: string): Result<Tenant, readonly Complaint[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failure([{ path: "", message: "is not JSON" }]);
  }
  return checkTenantDocument(json);
}

/** Checks a KV document that is parsed already. */
export function checkTenantDocument(json: unknown): Result<Tenant, readonly Complaint[]> {
  const parsed = v.safeParse(tenantDocument, Array.isArray(json) ? { TRUSTED_DOMAINS: json } : json);
  if (!parsed.success) {
    return failure(parsed.issues.map((issue) => ({ path: describePath(issue.path), message: issue.message })));
  }
  const { TRUSTED_DOMAINS, sessionMaxAgeSeconds, handoff, displayName, accentColor, privacyUrl } = parsed.output;
  return success({
    trustedOrigins: [...new Set(TRUSTED_DOMAINS)],
    sessionMaxAgeSeconds,
    handoff,
    displayName,
    accentColor,
    privacyUrl,
  });
}

function describePath(path: readonly { readonly key: unknown }[] | undefined): string {
  return (path ?? [])
    .map(({ key }) => (typeof key === "number" ? `[${key}]` : String(key)))
    .join(".")
    .replaceAll(".[", "[");
}
