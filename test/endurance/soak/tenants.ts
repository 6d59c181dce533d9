import { TENANT_FRESH_SECONDS } from "../../../worker/limits.ts";
import type { Hub } from "../start-hub.ts";

/** How old a document may be that a request is answered by, when KV is well: the isolate's memory, and time for a slow read of KV. */
const MAX_AGE_MS = TENANT_FRESH_SECONDS * 1000 + 5000;

/** How many documents are written at once. */
const AT_ONCE = 20;

type Change = { readonly version: number; readonly beganMs: number; doneMs: number };

/** One organisation, whose third domain changes with each version of its document. */
export type Tenant = {
  readonly id: string;
  readonly shopA: string;
  readonly shopB: string;
  /** The latest writing of the document, and all before it. */
  readonly changes: Change[];
  /** When the hub first showed that it has read the document: from then on it has a copy. */
  readMs: number;
  /** The page that a browser would have kept. */
  kept: { readonly etag: string; readonly version: number } | undefined;
};

export async function createTenants(hub: Hub, count: number): Promise<Tenant[]> {
  const tenants = Array.from({ length: count }, (_, index): Tenant => {
    const id = `tenant-${index}`;
    return {
      id,
      shopA: `https://a.${id}.test`,
      shopB: `https://b.${id}.test`,
      changes: [],
      readMs: Infinity,
      kept: undefined,
    };
  });
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(tenants.slice(first, first + AT_ONCE).map((tenant) => changeDocument(hub, tenant)));
  }
  return tenants;
}

/** Writes the document's next version. */
export async function changeDocument(hub: Hub, { id, shopA, shopB, changes }: Tenant): Promise<void> {
  const version = changes.length;
  const change: Change = { version, beganMs: Date.now(), doneMs: Infinity };
  changes.push(change);
  await hub.putTenant(id, JSON.stringify([shopA, shopB, `https://v${version}.${id}.test`]));
  change.doneMs = Date.now();
}

/** Which version of the tenant's document a policy comes from; `undefined` if it is none of this tenant's. */
export function versionOf({ id, shopA, shopB }: Tenant, policy: string): number | undefined {
  const [, ancestors = ""] = policy.split("frame-ancestors ");
  const [, version] = /https:\/\/v(\d+)\./.exec(ancestors) ?? [];
  return ancestors === `${shopA} ${shopB} https://v${version}.${id}.test` ? Number(version) : undefined;
}

/** Whether a request may be answered by a version: not before it was written, nor long after it was replaced. */
export function isCurrent({ changes }: Tenant, version: number, askedMs: number): boolean {
  const oldest = changes.findLast(({ doneMs }) => doneMs <= askedMs - MAX_AGE_MS)?.version ?? 0;
  return version >= oldest && version < changes.length;
}
