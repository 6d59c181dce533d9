import type { Context } from "hono";
import { IFRAME_SCRIPT, IFRAME_SCRIPT_HASH } from "../dist/iframe-script.ts";
import {
  IFRAME_CONFIG_ELEMENT_ID,
  type IframeConfig,
  type StorageAccessHeader,
  parseStorageAccessHeader,
} from "../protocol/iframe-config.ts";
import { formatTrustedOrigin } from "../protocol/origins.ts";
import type { Tenant } from "../tenants/tenant-document.ts";
import type { Env } from "./env.ts";
import { IFRAME_PAGE_MAX_AGE_SECONDS } from "./limits.ts";
import { securityHeaders } from "./security-headers.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

type Page = { readonly body: Uint8Array; readonly headers: Headers; readonly etag: string };

/** A tenant's rendered pages, by what they vary on. They leave the isolate's memory with the tenant. */
const renderedPages = new WeakMap<Tenant, Map<string, Page>>();

/** `GET /t/<tenant>/iframe.html`: the page that the tenant's sites embed, unseen, to reach the hub's cookies. */
export async function serveIframePage(c: Context<{ Bindings: Env }>): Promise<Response> {
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c.env, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);

  const page = await pageFor(
    tenant.value,
    id,
    c.req.url,
    parseStorageAccessHeader(c.req.header("Sec-Fetch-Storage-Access")),
  );
  const fresh = c.req.header("If-None-Match")?.includes(page.etag);
  return new Response(fresh ? null : page.body, { status: fresh ? 304 : 200, headers: page.headers });
}

async function pageFor(tenant: Tenant, id: string, url: string, storageAccess: StorageAccessHeader): Promise<Page> {
  const pages = renderedPages.get(tenant) ?? new Map<string, Page>();
  renderedPages.set(tenant, pages);
  const variant = `${url.slice(0, url.indexOf(":"))} ${storageAccess}`;
  let page = pages.get(variant);
  if (!page) {
    page = await render(tenant, id, url, storageAccess);
    pages.set(variant, page);
  }
  return page;
}

async function render(tenant: Tenant, id: string, url: string, storageAccess: StorageAccessHeader): Promise<Page> {
  const trustedDomains = tenant.trustedOrigins.map(formatTrustedOrigin);
  const config: IframeConfig = { tenant: id, trustedDomains, storageAccess };
  const body = new TextEncoder().encode(html(config));
  const etag = `"${hex(await crypto.subtle.digest("SHA-256", body)).slice(0, 32)}"`;
  // A Content-Security-Policy source cannot be an IPv6 address: browsers ignore it, with a warning in every visitor's console.
  const ancestors = trustedDomains.filter((domain) => !domain.includes("[")).join(" ") || "'none'";
  const headers = new Headers({
    ...securityHeaders(url, `script-src ${IFRAME_SCRIPT_HASH}; connect-src 'self'; frame-ancestors ${ancestors}`),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": `private, max-age=${IFRAME_PAGE_MAX_AGE_SECONDS}, must-revalidate`,
    ETag: etag,
    // So that cross-origin isolated shops (COEP: require-corp) can embed the page too.
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    // Lets the provider tell an untrusted page from an unreachable hub. The page holds nothing that is not public.
    "Access-Control-Allow-Origin": "*",
    Vary: "Sec-Fetch-Storage-Access",
  });
  // Loads the page with the storage access that the visitor has already granted here.
  if (storageAccess === "inactive" || storageAccess === "active") headers.set("Activate-Storage-Access", "load");
  return { body, headers, etag };
}

function html(config: IframeConfig): string {
  const json = JSON.stringify(config).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>Carryover</title></head><body><script type="application/json" id="${IFRAME_CONFIG_ELEMENT_ID}">${json}</script><script>${IFRAME_SCRIPT}</script></body></html>`;
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
