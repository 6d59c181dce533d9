import { LRUCache } from "lru-cache";
import type { Tenant } from "../tenants/tenant-document.ts";
import { IFRAME_PAGE_MEMORY_BYTES, MAX_IFRAME_PAGES_PER_TENANT } from "./limits.ts";
import { sizeOfTenant } from "./tenant-store.ts";

/** What a tenant's iframe page has of its own. The rest, most of it, is one text for all, so that memory holds many tenants. */
export type IframePage = { readonly config: string; readonly headers: Headers; readonly etag: string };

/** The pages of one tenant as it was read once, by variant. Once KV is read again they are never found. */
type Rendered = { readonly tenant: Tenant; readonly pages: Map<string, IframePage> };

const rendered = new LRUCache<string, Rendered>({ maxSize: IFRAME_PAGE_MEMORY_BYTES });

/**
 * Finds a page that was rendered from this very tenant object.
 *
 * @param variant what else the page depends on: the hub's origin, and what the browser says of storage access
 */
export function findIframePage(id: string, tenant: Tenant, variant: string): IframePage | undefined {
  const known = rendered.get(id);
  return known?.tenant === tenant ? known.pages.get(variant) : undefined;
}

/**
 * Keeps a page. Anyone can make up host names, so a tenant has room for a few variants only, and the oldest goes first: a
 * flood of hosts takes nothing from other tenants.
 */
export function keepIframePage(id: string, tenant: Tenant, variant: string, page: IframePage): void {
  const known = rendered.get(id);
  const pages = known?.tenant === tenant ? known.pages : new Map<string, IframePage>();
  pages.set(variant, page);
  for (const oldest of pages.keys()) {
    if (pages.size <= MAX_IFRAME_PAGES_PER_TENANT) break;
    pages.delete(oldest);
  }
  // A new object each time: the cache counts the size of a new value only.
  const value: Rendered = { tenant, pages };
  rendered.set(id, value, { size: sizeOf(value) });
}

/** Rough memory of a tenant's pages. They keep the tenant alive after the tenant store has dropped it. */
function sizeOf({ tenant, pages }: Rendered): number {
  let bytes = sizeOfTenant(tenant);
  for (const { config, headers } of pages.values()) {
    bytes += 1000 + config.length;
    for (const [name, value] of headers) bytes += name.length + value.length;
  }
  return bytes;
}
