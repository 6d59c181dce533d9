import { type TrustedOrigin, isTrustedOrigin, partsOf } from "../../protocol/origins.ts";
import { fetchPage } from "./fetch-page.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** More than that would be a crawl. */
const MAX_PAGES = 20;

/**
 * Where the front pages of the trusted domains lead: a link to a domain that redirects has to bring its code through. Wildcards have no
 * front page to ask for.
 */
export async function checkFrontPages(trusted: readonly TrustedOrigin[]): Promise<Finding[]> {
  const origins = trusted.map(partsOf).flatMap(({ origin, subdomains }) => (subdomains ? [] : [origin]));
  const checked = await Promise.all(origins.slice(0, MAX_PAGES).map((origin) => checkFrontPage(origin, trusted)));
  const findings = checked.flat();
  return findings.length > 0 || origins.length === 0 ? findings : [ok("No front page of theirs redirects.")];
}

async function checkFrontPage(origin: string, trusted: readonly TrustedOrigin[]): Promise<Finding[]> {
  const first = new URL(origin);
  const fetched = await fetchPage(first);
  if (!fetched.ok) {
    return [warning(fetched.reason, "Its front page was to tell where links to it lead. Is the domain right?")];
  }
  const { redirects } = fetched.value;
  const last = redirects.at(-1);
  if (!last) return [];
  const way = `Links to ${first.href} end on ${last.origin}`;
  // The browser takes the code along only where no redirect has a fragment of its own, not even an empty one.
  const own = redirects.find(({ href }) => href.includes("#"));
  if (own) {
    return [
      warning(
        `${way}, without the session: the redirect to ${own.href} has a fragment of its own.`,
        `Leave the # out of its Location, or link to ${last.origin}.`,
      ),
    ];
  }
  if (!isTrustedOrigin(last.origin, trusted)) {
    return [
      warning(`${way}, which the tenant does not trust.`, `Add ${last.origin} to TRUSTED_DOMAINS, if it is yours.`),
    ];
  }
  return [ok(`${way}, with the session.`)];
}
