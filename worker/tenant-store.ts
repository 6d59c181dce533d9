import type { Context } from "hono";
import { LRUCache } from "lru-cache";
import { type Result, failure, success } from "../protocol/result.ts";
import { type Tenant, parseTenantDocument } from "../tenants/tenant-document.ts";
import type { Env } from "./env.ts";
import { KV_CACHE_SECONDS, TENANT_FRESH_SECONDS, TENANT_MEMORY_BYTES, TENANT_STALE_SECONDS } from "./limits.ts";
import { log } from "./log.ts";

export type TenantFailure = "unknown" | "malformed" | "unavailable";

/** What one reading of KV gave: kept for good tenants and bad ones alike, so that neither costs a read a request. */
type Reading = { readonly result: Result<Tenant, "unknown" | "malformed">; readonly readAtMs: number };

const readings = new LRUCache<string, Reading>({ maxSize: TENANT_MEMORY_BYTES });

/** Rough memory of a tenant in bytes, as measured in workerd. */
export function sizeOfTenant({ trustedOrigins }: Tenant): number {
  return 300 + 150 * trustedOrigins.length;
}

/**
 * Finds a tenant in this isolate's memory or in KV.
 *
 * A reading serves for 30 s. After that KV is asked again; if KV fails, the old reading serves for up to an hour more
 * and each use is logged. Concurrent requests each ask KV for themselves: an isolate must not wait on another request's I/O.
 */
export async function findTenant(c: Context<{ Bindings: Env }>, id: string): Promise<Result<Tenant, TenantFailure>> {
  const known = readings.get(id);
  const ageMs = known ? Date.now() - known.readAtMs : Infinity;
  if (known && ageMs < TENANT_FRESH_SECONDS * 1000) return known.result;
  try {
    const text = await c.env.TENANTS.get(id, { cacheTtl: KV_CACHE_SECONDS });
    const reading: Reading = { result: read(c, text), readAtMs: Date.now() };
    readings.set(id, reading, { size: reading.result.ok ? sizeOfTenant(reading.result.value) : 300 });
    return reading.result;
  } catch (error) {
    const reason = `KV failed: ${error instanceof Error ? error.message : String(error)}`;
    if (known && ageMs < TENANT_STALE_SECONDS * 1000) {
      log(c, {
        event: "stale",
        status: 200,
        reason: `${reason}; serving a copy ${Math.round(ageMs / 1000)} s old`,
      });
      return known.result;
    }
    log(c, { event: "failed", status: 503, reason });
    return failure("unavailable");
  }
}

function read(c: Context, text: string | null): Result<Tenant, "unknown" | "malformed"> {
  if (text === null) return failure("unknown");
  const parsed = parseTenantDocument(text);
  if (parsed.ok) return success(parsed.value);
  const complaints = parsed.reason.map(({ path, message }) => `${path} ${message}`.trim());
  log(c, {
    event: "failed",
    status: 500,
    reason: `malformed tenant document: ${complaints.slice(0, 10).join("; ")}`,
  });
  return failure("malformed");
}
