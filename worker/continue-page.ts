import type { Context } from "hono";
import { pickLanguage } from "./continue-page/language.ts";
import { SCRIPT_PATH, renderContinuePage, renderRefusal } from "./continue-page/render.ts";
import { parseReturnUrl } from "./continue-page/return-url.ts";
import { styleSheet } from "./continue-page/style.ts";
import type { Env } from "./env.ts";
import { log } from "./log.ts";
import { privacyUrlOf } from "./privacy-url.ts";
import { hashSource, securityHeaders } from "./security-headers.ts";
import { answerTenantFailure } from "./tenant-failures.ts";
import { findTenant } from "./tenant-store.ts";

/**
 * `GET /t/<tenant>/continue[?return=<url>]`: the page of the hub that a visitor sees and clicks in, so that browsers count
 * the hub as a site that the visitor knows.
 *
 * As a popup of the hub's iframe its script saves or fetches a session; see protocol/popup-messages.ts. As a full page it
 * leads on to the return URL, by a plain link that needs no script.
 */
export async function serveContinuePage(c: Context<{ Bindings: Env }>): Promise<Response> {
  const id = c.req.param("tenant") ?? "";
  const tenant = await findTenant(c, id);
  if (!tenant.ok) return answerTenantFailure(c, tenant.reason);

  const url = new URL(c.req.url);
  const language = pickLanguage(c.req.header("Accept-Language"));
  const style = styleSheet(tenant.value.accentColor);
  const look = { tenant: { ...tenant.value, privacyUrl: privacyUrlOf(tenant.value, url.origin) }, language, style };
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": language,
    "Cache-Control": "no-store",
    Vary: "Accept-Language",
  };
  const styleSource = `style-src ${await hashSource(style)}`;

  const returnUrl = parseReturnUrl(url.searchParams.getAll("return"), tenant.value.trustedOrigins, url.origin);
  if (!returnUrl.ok) {
    // Never the address itself: it may say where the visitor was.
    log(c, { event: "refused", status: 400, reason: `continue: return URL ${returnUrl.reason}` });
    return new Response(String(await renderRefusal(look)), {
      status: 400,
      headers: { ...securityHeaders(c.req.url, `${styleSource}; frame-ancestors 'none'`), ...headers },
    });
  }
  const policy = `script-src ${url.origin}${SCRIPT_PATH}; ${styleSource}; connect-src 'self'; frame-ancestors 'none'`;
  const way = { url: returnUrl.value, carries: tenant.value.handoff && isOpenedByHub(c) };
  return new Response(String(await renderContinuePage(look, id, way)), {
    headers: { ...securityHeaders(c.req.url, policy), ...headers },
  });
}

/**
 * Whether the hub's own iframe has sent the visitor here: from a page that is trusted and loaded, to that page. Any other
 * return URL may be a redirect of a trusted site to somewhere else, and browsers take fragments, and codes in them, along.
 * So no page of the hub may have a link to the hub that a tenant has written: see privacy-url.ts and return-url.ts.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
function isOpenedByHub(c: Context): boolean {
  return c.req.header("Sec-Fetch-Site") === "same-origin";
}
