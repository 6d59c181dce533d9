import type { Context } from "hono";
import { html } from "hono/html";
import { parseStorageAccessHeader } from "../protocol/iframe-config.ts";
import { isTrustedOrigin } from "../protocol/origins.ts";
import { SCRIPT_PATH, renderCheckPage, renderUntrusted } from "./check-page/render.ts";
import { CHECK_STYLE } from "./check-page/style.ts";
import type { Env } from "./env.ts";
import { log } from "./log.ts";
import { frameAncestors, hashSource, securityHeaders } from "./security-headers.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

/**
 * `GET /t/<tenant>/check`: tells an integrator, in this browser and on the site that embeds or links it, what works, what does not,
 * and what to change. Its script runs on the tenant's own sites only; others are told so in a page without any.
 */
export async function serveCheckPage(c: Context<{ Bindings: Env }>): Promise<Response> {
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);
  const { trustedOrigins, handoff } = tenant.value;

  const site = originOf(c.req.header("Referer"));
  const { origin } = new URL(c.req.url);
  const style = `style-src ${await hashSource(CHECK_STYLE)}`;
  if (site !== undefined && site !== origin && !isTrustedOrigin(site, trustedOrigins)) {
    log(c, { event: "refused", status: 403, reason: "check: site not trusted" });
    return answer(c, 403, renderUntrusted(id, site), `${style}; frame-ancestors ${site}`);
  }
  const storageAccess = parseStorageAccessHeader(c.req.header("Sec-Fetch-Storage-Access"));
  return answer(
    c,
    200,
    renderCheckPage(origin, { tenant: id, trustedDomains: trustedOrigins, storageAccess, handoff }),
    `script-src ${origin}${SCRIPT_PATH}; ${style}; connect-src 'self'; ${frameAncestors(trustedOrigins)}`,
  );
}

async function answer(c: Context, status: 200 | 403, page: ReturnType<typeof html>, policy: string): Promise<Response> {
  const headers = {
    ...securityHeaders(c.req.url, policy),
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "cross-origin",
  };
  return new Response(String(await page), { status, headers });
}

/** The origin of whoever embeds or links the page, if browsers tell it, and a policy can name it. */
function originOf(referrer: string | undefined): string | undefined {
  const url = referrer === undefined ? null : URL.parse(referrer);
  return url && /^https?:\/\/[\w.:[\]-]+$/.test(url.origin) ? url.origin : undefined;
}
