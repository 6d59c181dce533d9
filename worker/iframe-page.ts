import type { Context } from "hono";
import { IFRAME_SCRIPT, IFRAME_SCRIPT_HASH, VERSION } from "../dist/iframe-script.ts";
import {
  IFRAME_CONFIG_ELEMENT_ID,
  type IframeConfig,
  type StorageAccessHeader,
  parseStorageAccessHeader,
} from "../protocol/iframe-config.ts";
import { isTrustedOrigin } from "../protocol/origins.ts";
import type { Tenant } from "../tenants/tenant-document.ts";
import { toHex } from "./bytes.ts";
import type { Env } from "./env.ts";
import { type IframePage, findIframePage, keepIframePage } from "./iframe-page-cache.ts";
import { IFRAME_PAGE_MAX_AGE_SECONDS } from "./limits.ts";
import { count, sampleRate } from "./outcomes/count.ts";
import { privacyUrlOf } from "./privacy-url.ts";
import { frameAncestors, securityHeaders } from "./security-headers.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

// Parsers add head and body themselves, and the character set is in the header.
const BEFORE_CONFIG = `<!doctype html><html lang="en"><meta name="robots" content="noindex"><title>Carryover</title><script type="application/json" id="${IFRAME_CONFIG_ELEMENT_ID}">`;
const AFTER_CONFIG = `</script><script>${IFRAME_SCRIPT}</script>`;

/** Text, not bytes: buffers live outside of the isolate's heap, and ten thousand of them cost each request a sixth more. */
function assemble(config: string): string {
  return BEFORE_CONFIG + config + AFTER_CONFIG;
}

/** `GET /t/<tenant>/iframe.html`: the page that the tenant's sites embed, unseen, to reach the hub's cookies. */
export async function serveIframePage(c: Context<{ Bindings: Env }>): Promise<Response> {
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);

  const rate = sampleRate(c.env);
  if (Math.random() < rate) countSilence(c, id, tenant.value);
  const storageAccess = parseStorageAccessHeader(c.req.header("Sec-Fetch-Storage-Access"));
  const { config, headers, etag } = await pageFor(tenant.value, id, c.req.url, storageAccess, rate);
  if (c.req.header("If-None-Match")?.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(assemble(config), { headers });
}

/** A page that asks by `fetch` wants to know why its iframe does not show (client/provider/hub-connection.ts). */
function countSilence(c: Context<{ Bindings: Env }>, id: string, { trustedOrigins }: Tenant): void {
  const origin = c.req.header("Origin");
  if (origin === undefined || c.req.header("Sec-Fetch-Dest") !== "empty") return;
  count(c.env, id, isTrustedOrigin(origin, trustedOrigins) ? "unreachable" : "untrusted");
}

async function pageFor(
  tenant: Tenant,
  id: string,
  url: string,
  storageAccess: StorageAccessHeader,
  rate: number,
): Promise<IframePage> {
  // As the runtime has normalised it, `https://host/…`: to parse it anew for each request would cost more than all else here.
  const origin = url.slice(0, url.indexOf("/", "https://".length));
  const variant = `${origin} ${storageAccess}`;
  let page = findIframePage(id, tenant, variant);
  if (!page) {
    page = await makePage(tenant, id, origin, storageAccess, rate);
    keepIframePage(id, tenant, variant, page);
  }
  return page;
}

async function makePage(
  tenant: Tenant,
  id: string,
  hub: string,
  storageAccess: StorageAccessHeader,
  rate: number,
): Promise<IframePage> {
  const { trustedOrigins: trustedDomains, handoff, displayName, accentColor } = tenant;
  const cardPath = `/v/${VERSION}/card.mjs`;
  const settings: IframeConfig = {
    tenant: id,
    trustedDomains,
    storageAccess,
    handoff,
    sampleRate: rate,
    cardUrl: cardPath,
    displayName,
    accentColor,
    privacyUrl: privacyUrlOf(tenant, hub),
  };
  const config = JSON.stringify(settings).replaceAll("<", "\\u003c");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(assemble(config)));
  const etag = `"${toHex(hash).slice(0, 32)}"`;
  const headers = new Headers({
    ...securityHeaders(
      hub,
      `script-src ${IFRAME_SCRIPT_HASH} ${hub}${cardPath}; connect-src 'self'; ${frameAncestors(trustedDomains)}`,
    ),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": `private, max-age=${IFRAME_PAGE_MAX_AGE_SECONDS}, must-revalidate`,
    ETag: etag,
    // So that cross-origin isolated shops (COEP: require-corp) can embed the page too.
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
    // Lets the provider tell an untrusted page from an unreachable hub. The page holds nothing that is not public.
    "Access-Control-Allow-Origin": "*",
    Vary: "Sec-Fetch-Storage-Access",
    // Loads the page with the storage access that the visitor has already granted here.
    ...((storageAccess === "inactive" || storageAccess === "active") && { "Activate-Storage-Access": "load" }),
  });
  return { config, headers, etag };
}
