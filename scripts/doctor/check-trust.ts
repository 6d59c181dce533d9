import {
  type TrustedOrigin,
  formatTrustedOrigin,
  isTrustedOrigin,
  parseTrustedDomain,
} from "../../protocol/origins.ts";
import type { TenantSettings } from "./check-tenant.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { siteOf } from "./site.ts";
import { matchesSourceList } from "./source-list.ts";

/** Whether the tenant lets the page in, by its list and by the header that browsers go by. */
export function checkTrust(page: URL, hub: URL, settings: TenantSettings | undefined): Finding {
  if (!parseTrustedDomain(page.origin).ok) {
    return problem(`${page.origin} is plain http: it cannot be trusted.`, "Serve the page over https.");
  }
  if (!settings)
    return warning("Whether the tenant trusts the page is not known.", "Mend the hub and the tenant first.");
  const { trusted, frameAncestors } = settings;
  const entry = trusted.find((one) => isTrustedOrigin(page.origin, [one]));
  if (!entry) {
    const miss = explainMiss(page, trusted);
    return problem(
      `${page.origin} is not trusted by the tenant${miss === undefined ? "" : `: ${miss}`}.`,
      `Add ${page.origin} to TRUSTED_DOMAINS, or redirect the page to a trusted origin. A change takes up to two minutes.`,
    );
  }
  if (frameAncestors.every((sources) => matchesSourceList(sources, new URL(page.origin), hub))) {
    return ok(`${page.origin} is trusted, by ${formatTrustedOrigin(entry)}.`);
  }
  return problem(
    `${page.origin} is trusted, but not in the frame-ancestors of the hub's page.`,
    "Look what between the hub and the internet changes headers. An IPv6 address cannot be named there: use localhost.",
  );
}

/** What nearly fits, as the end of a sentence. */
export function explainMiss(page: URL, trusted: readonly TrustedOrigin[]): string | undefined {
  const candidates = trusted.map((one) => ({ ...one, url: new URL(one.origin), text: formatTrustedOrigin(one) }));
  const exact = candidates.filter(({ subdomains }) => !subdomains);
  const host = exact.find(({ url }) => url.hostname === page.hostname);
  if (host) {
    const difference = host.url.protocol === page.protocol ? "port" : "scheme";
    return `${host.text} is, but that is another ${difference}`;
  }
  const apex = candidates.find(({ url, subdomains }) => subdomains && url.hostname === page.hostname);
  if (apex) return `${apex.text} stands for its subdomains only, not for ${page.hostname} itself`;
  const parent = candidates.find(({ url, subdomains }) => subdomains && page.hostname.endsWith(`.${url.hostname}`));
  if (parent) return `${parent.text} is, but with another ${parent.url.protocol === page.protocol ? "port" : "scheme"}`;
  const www = exact.find(({ url }) => withoutWww(url) === withoutWww(page));
  if (www) return `${www.text} is, but www. makes another origin`;
  const sister = candidates.find(({ url }) => siteOf(url) === siteOf(page));
  return sister && `the nearest is ${sister.text}`;
}

function withoutWww({ origin }: URL): string {
  return origin.replace("://www.", "://");
}
