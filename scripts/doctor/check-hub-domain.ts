import { parse } from "tldts";
import { type Finding, ok, warning } from "./finding.ts";
import { siteOf } from "./site.ts";

const OWN_DOMAIN = "Give the hub a domain of its own: docs/operators.md, A domain of its own.";

/** Whether the hub is on a site of its own, third-party to every page. */
export function checkHubDomain(hub: URL, pages: readonly URL[]): Finding[] {
  const { isPrivate, publicSuffix } = parse(hub.hostname, { allowPrivateDomains: true });
  if (isPrivate) return [warning(`The hub is on shared hosting, under ${publicSuffix}.`, OWN_DOMAIN)];
  const shared = pages.find((page) => siteOf(page) === siteOf(hub));
  if (!shared) return [ok("The hub is on another site than every page.")];
  return [
    warning(
      `The hub is on the same site as ${shared.origin}: first-party there, third-party elsewhere, and so it only looks as if it worked.`,
      OWN_DOMAIN,
    ),
  ];
}
