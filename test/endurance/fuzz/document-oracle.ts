/**
 * What docs/operators.md says of tenant documents, written down a second time and another way: nothing of this comes from
 * tenants/ or protocol/.
 */

/** What a document trusts: sources as a Content-Security-Policy has them, each once; `undefined` if it trusts nobody for being malformed. */
export function sourcesOf(text: string): readonly string[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const document = Array.isArray(json) ? { TRUSTED_DOMAINS: json as unknown[] } : json;
  if (typeof document !== "object" || document === null) return undefined;
  const fields = new Map(Object.entries(document));
  for (const [name, isGood] of Object.entries(FIELDS)) {
    if (fields.has(name) && !isGood(fields.get(name))) return undefined;
  }
  const domains = fields.get("TRUSTED_DOMAINS");
  if (!Array.isArray(domains) || domains.length > 500) return undefined;
  const sources = domains.map(sourceOf);
  return sources.some((source) => source === undefined) ? undefined : [...new Set(sources as string[])];
}

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  displayName: (value) => typeof value === "string" && value.length >= 1 && value.length <= 80,
  accentColor: (value) => typeof value === "string" && /^#[0-9a-fA-F]{6}$/.test(value),
  privacyUrl: (value) => typeof value === "string" && value.startsWith("https://") && URL.canParse(value),
  sessionMaxAgeSeconds: (value) => Number.isInteger(value) && Number(value) >= 60 && Number(value) <= 34_560_000,
  handoff: (value) => value === true || value === false,
};

/** One domain: `[https://][*.]host[:port]`, `http://` for loopback hosts. */
function sourceOf(entry: unknown): string | undefined {
  if (typeof entry !== "string") return undefined;
  const lower = entry.toLowerCase();
  const scheme = ["https://", "http://"].find((one) => lower.startsWith(one)) ?? "";
  let rest = entry.slice(scheme.length);
  const isWildcard = rest.startsWith("*.");
  if (isWildcard) rest = rest.slice(2);
  if (rest === "" || /[*/?#\\@\s]/.test(rest)) return undefined;
  const url = URL.parse(`${scheme || "https://"}${rest}`);
  if (!url) return undefined;
  const { hostname, port, protocol } = url;
  // What a host name can be made of: anything else would mean something in a policy.
  const isAddress = /^\[[\da-f:.]+\]$/.test(hostname);
  if (!isAddress && !/^[a-z\d._-]+$/.test(hostname)) return undefined;
  if (hostname.endsWith(".")) return undefined;
  if (!isAddress && hostname.split(".").includes("")) return undefined;
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || /.\.localhost$/.test(hostname);
  if (protocol === "http:" && !isLoopback) return undefined;
  if (isWildcard) {
    const labels = hostname.split(".");
    const last = labels.pop() ?? "";
    if (isAddress || labels.join(".") === "" || /^\d/.test(last)) return undefined;
  }
  return `${protocol}//${isWildcard ? "*." : ""}${hostname}${port && `:${port}`}`;
}

/** Whether one of the sources means an origin. */
export function isMeant(origin: string, sources: readonly string[]): boolean {
  return sources.some((source) => {
    if (!source.includes("*")) return source === origin;
    const [before = "", after = ""] = source.split("*");
    const between = origin.slice(before.length, origin.length - after.length);
    return origin.startsWith(before) && origin.endsWith(after) && /^(?:[a-z\d_-]+\.)*[a-z\d_-]+$/.test(between);
  });
}
