import * as v from "valibot";
import { IFRAME_CONFIG_ELEMENT_ID } from "../../protocol/iframe-config.ts";
import { type TrustedOrigin, parseTrustedDomain } from "../../protocol/origins.ts";
import { CONTINUE_PATH, tenantPath } from "../../protocol/routes.ts";
import { type Answer, ask } from "./ask.ts";
import { checkFrontPages } from "./check-front-pages.ts";
import { parsePolicies } from "./content-security-policy.ts";
import { type Finding, type Section, ok, problem, warning } from "./finding.ts";
import { parseJson } from "./parse-json.ts";
import { readHtml } from "./read-html.ts";

/** What the tenant's page says of it. */
export type TenantSettings = {
  readonly trusted: readonly TrustedOrigin[];
  readonly handoff: boolean;
  /** Sources of `frame-ancestors`, of each policy that has it. */
  readonly frameAncestors: readonly (readonly string[])[];
};

export type CheckedTenant = { readonly section: Section; readonly settings: TenantSettings | undefined };

const config = v.object({ trustedDomains: v.array(v.string()), handoff: v.boolean() });

const ON_THE_WAY = "The Worker does not send it so: look what between it and the internet changes headers.";

export function iframeUrlOf(hub: URL, tenant: string): URL {
  return new URL(`/t/${tenant}/iframe.html`, hub);
}

/** Whether the hub knows the tenant, and serves its two pages as it should. */
export async function checkTenant(hub: URL, tenant: string): Promise<CheckedTenant> {
  const [iframe, continuePage] = await Promise.all([checkIframePage(hub, tenant), checkContinuePage(hub, tenant)]);
  const { settings } = iframe;
  // An unknown tenant has neither page: said once.
  const findings = [
    ...iframe.findings,
    ...(iframe.isServed ? continuePage : []),
    ...(settings?.handoff ? await checkFrontPages(settings.trusted) : []),
  ];
  return { section: { about: "tenant", subject: tenant, findings }, settings };
}

async function checkIframePage(
  hub: URL,
  tenant: string,
): Promise<{ findings: Finding[]; isServed: boolean; settings?: TenantSettings }> {
  const url = iframeUrlOf(hub, tenant);
  const asked = await ask(url);
  if (!asked.ok) return { findings: [problem(asked.reason, "Try again.")], isServed: false };
  const answer = asked.value;
  if (answer.status !== 200) return { findings: [explainStatus(answer, tenant)], isServed: false };

  const findings = [ok(`${url.href} is served.`), ...checkIframeHeaders(answer)];
  const settings = readSettings(answer);
  if (!settings) {
    const advice = "Deploy the hub again; do not let anything between it and the internet change pages.";
    return { findings: [...findings, problem("The page's settings cannot be read.", advice)], isServed: true };
  }
  findings.push(
    settings.trusted.length > 0
      ? ok(`Trusts ${settings.trusted.length} ${settings.trusted.length === 1 ? "domain" : "domains"}.`)
      : problem("Trusts no domain.", "Add the pages' origins to TRUSTED_DOMAINS: docs/operators.md, Tenants."),
    ok(
      settings.handoff
        ? "Links may carry the session (handoff is on)."
        : "Links do not carry the session (handoff is off).",
    ),
  );
  return { findings, isServed: true, settings };
}

function explainStatus({ status, url }: Answer, tenant: string): Finding {
  switch (status) {
    case 404:
      return problem(
        `The hub has no tenant ${JSON.stringify(tenant)}.`,
        "Check its spelling, or store it: npm run tenant, or docs/operators.md, Tenants. A new tenant is there within two minutes.",
      );
    case 500:
      return problem(
        "The tenant's document is malformed: nobody is trusted.",
        "Check it with npm run tenant and store it again. The hub's log (npx wrangler tail) names each mistake.",
      );
    case 503:
      return problem(
        "The hub cannot read its settings just now.",
        "Try again shortly. If it stays, look into the hub's log and at Cloudflare's status page.",
      );
    default:
      return problem(`${url.href} answers ${status}.`, "Look into the hub's log (npx wrangler tail).");
  }
}

function checkIframeHeaders({ headers }: Answer): Finding[] {
  const findings: Finding[] = [];
  if (frameAncestorsOf(headers).length === 0) {
    findings.push(problem("The page comes without frame-ancestors: everybody may embed it.", ON_THE_WAY));
  }
  if (headers.has("X-Frame-Options")) {
    findings.push(problem("The page comes with X-Frame-Options: browsers may keep it out of every page.", ON_THE_WAY));
  }
  if (headers.has("Cross-Origin-Opener-Policy")) {
    findings.push(problem("The page comes with Cross-Origin-Opener-Policy: windows would lose it.", ON_THE_WAY));
  }
  if (headers.get("Cross-Origin-Resource-Policy") !== "cross-origin") {
    findings.push(
      warning(
        "The page comes without Cross-Origin-Resource-Policy: cross-origin: isolated pages cannot embed it.",
        ON_THE_WAY,
      ),
    );
  }
  if (!/(?:^|,)\s*(?:sec-fetch-storage-access|\*)\s*(?:,|$)/i.test(headers.get("Vary") ?? "")) {
    findings.push(
      warning("The page comes without Vary: Sec-Fetch-Storage-Access: caches may mix up browsers.", ON_THE_WAY),
    );
  }
  if (!headers.has("ETag")) {
    findings.push(warning("The page comes without ETag: browsers load it whole each time.", ON_THE_WAY));
  }
  return findings.length > 0
    ? findings
    : [ok("Its headers are right: frame-ancestors, Vary, ETag, no X-Frame-Options.")];
}

function frameAncestorsOf(headers: Headers): (readonly string[])[] {
  return parsePolicies(headers.get("Content-Security-Policy"))
    .map((policy) => policy.get("frame-ancestors"))
    .filter((sources) => sources !== undefined);
}

function readSettings({ headers, body }: Answer): TenantSettings | undefined {
  const block = readHtml(body.toString()).scripts.find(
    ({ attributes }) => attributes["id"] === IFRAME_CONFIG_ELEMENT_ID,
  );
  const parsed = v.safeParse(config, parseJson(block?.text ?? ""));
  if (!parsed.success) return undefined;
  const domains = parsed.output.trustedDomains.map(parseTrustedDomain);
  const trusted = domains.flatMap((domain) => (domain.ok ? [domain.value] : []));
  return { trusted, handoff: parsed.output.handoff, frameAncestors: frameAncestorsOf(headers) };
}

async function checkContinuePage(hub: URL, tenant: string): Promise<Finding[]> {
  const url = new URL(tenantPath(tenant) + CONTINUE_PATH, hub);
  const asked = await ask(url);
  if (!asked.ok) return [problem(asked.reason, "Try again.")];
  const { status, headers } = asked.value;
  if (status !== 200) {
    return [problem(`The continue page answers ${status}.`, "Look into the hub's log (npx wrangler tail).")];
  }
  if (!frameAncestorsOf(headers).some((sources) => sources.join(" ").toLowerCase() === "'none'")) {
    return [
      problem("The continue page comes without frame-ancestors 'none': others could frame its buttons.", ON_THE_WAY),
    ];
  }
  if (headers.has("Cross-Origin-Opener-Policy")) {
    return [problem("The continue page comes with Cross-Origin-Opener-Policy: it cannot reach the card.", ON_THE_WAY)];
  }
  return [ok("The continue page is served, and nobody can frame it.")];
}
