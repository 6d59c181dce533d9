import { type Finding, ok, problem, warning } from "./finding.ts";
import { allowsStorageAccess } from "./permissions-policy.ts";
import type { Html } from "./read-html.ts";

const REFERRER_POLICIES = new Set([
  "no-referrer",
  "no-referrer-when-downgrade",
  "same-origin",
  "origin",
  "strict-origin",
  "origin-when-cross-origin",
  "strict-origin-when-cross-origin",
  "unsafe-url",
]);

/** The page's other headers: those by which browsers keep frames, windows and referrers apart. */
export function checkPageHeaders(headers: Headers, html: Html, page: URL, hub: URL): Finding[] {
  const findings = [checkPermissions(headers, page, hub), checkOpener(headers), checkReferrer(headers, html)].filter(
    (finding) => finding !== undefined,
  );
  return findings.length > 0 ? findings : [ok("Permissions-Policy, opener and referrer policy are fine.")];
}

function checkPermissions(headers: Headers, page: URL, hub: URL): Finding | undefined {
  if (allowsStorageAccess(headers.get("Permissions-Policy"), hub, page)) return undefined;
  return problem(
    "The Permissions-Policy takes storage-access from the hub.",
    `Send Permissions-Policy: storage-access=(self "${hub.origin}"), or leave the directive out.`,
  );
}

function checkOpener(headers: Headers): Finding | undefined {
  const policy = headers.get("Cross-Origin-Opener-Policy")?.split(";")[0]?.trim();
  if (policy !== "same-origin") return undefined;
  return warning(
    "Cross-Origin-Opener-Policy: same-origin cuts off the small window of the card: the whole tab goes to the hub's page instead, and in Firefox the card stays.",
    "Send same-origin-allow-popups, unless the page needs isolation.",
  );
}

function checkReferrer(headers: Headers, html: Html): Finding | undefined {
  const policy = referrerPolicy(headers, html);
  if (policy !== "no-referrer" && policy !== "same-origin") return undefined;
  return warning(
    `The Referrer-Policy is ${policy}: forms of this page, and location.replace, lead on without the session, and the card does not come up by itself there.`,
    "Send strict-origin-when-cross-origin or strict-origin.",
  );
}

/** The last one that browsers know counts; the page's own comes after the header. */
function referrerPolicy(headers: Headers, html: Html): string | undefined {
  const written = [headers.get("Referrer-Policy") ?? "", ...html.referrers].join(",").split(",");
  // The old names of before 2017 are still understood in <meta>.
  const named = written
    .map((name) => name.trim().toLowerCase())
    .map((name) => (name === "never" ? "no-referrer" : name));
  return named.findLast((name) => REFERRER_POLICIES.has(name));
}
