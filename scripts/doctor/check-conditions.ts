import { isTrustedOrigin } from "../../protocol/origins.ts";
import { type FoundScript, baseOf } from "./find-script.ts";
import { type Finding, ok } from "./finding.ts";
import type { Html, Link } from "./read-html.ts";
import { count } from "./report.ts";
import type { Target } from "./target.ts";

/** Files that replace the body and keep the document, and what marks the pages that have them in a bundle. */
const BODY_REPLACERS: readonly (readonly [name: string, file: RegExp, mark: RegExp])[] = [
  ["Turbo", /^turbo(?:[.@-].*)?\.m?js$/i, /^turbo-/i],
  ["Turbolinks", /^turbolinks(?:[.@-].*)?\.m?js$/i, /^turbolinks-/i],
  ["htmx", /^htmx(?:[.@-].*)?\.m?js$/i, /^htmx-config$/i],
  ["Astro's view transitions", /^ClientRouter\b.*\.m?js$/, /^astro-view-transitions-enabled$/i],
];

/** What of a page makes a difference to other scripts of its kind. Carryover knows it, and what it does about it is good to know. */
export function checkConditions(
  html: Html,
  page: URL,
  scripts: { readonly fromHub: readonly FoundScript[]; readonly fromElsewhere: readonly URL[] },
  { settings }: Target,
): Finding[] {
  const findings = [...checkReplacing(html, page), ...checkHiddenNames(html)];
  if (settings?.handoff) {
    const base = baseOf(html, page);
    const silent = html.links.filter((link) => isSilent(link) && leadsToSibling(link, base, page, settings.trusted));
    if (silent.length > 0) {
      findings.push(
        ok(
          `${count(silent.length, "link")} to trusted domains with noreferrer or a referrer policy: they carry the session, and tell the next site ${page.origin}.`,
        ),
      );
    }
  }
  const copies = [...scripts.fromHub.map(({ url }) => url), ...scripts.fromElsewhere];
  if (scripts.fromElsewhere.length > 0 && scripts.fromHub.length > 0) {
    findings.push(ok(`Copies of the script share what links bring: ${copies.map(({ href }) => href).join(", ")}.`));
  }
  return findings;
}

function checkReplacing(html: Html, page: URL): Finding[] {
  const files = html.scripts.flatMap(({ attributes: { src } }) =>
    src !== undefined && URL.canParse(src, page.href) ? [new URL(src, page).pathname.split("/").at(-1) ?? ""] : [],
  );
  return BODY_REPLACERS.filter(
    ([, file, mark]) => files.some((name) => file.test(name)) || html.metaNames.some((name) => mark.test(name)),
  ).map(([name]) => ok(`${name} may replace the body: the hub's frame is beside it, and stays.`));
}

function checkHiddenNames({ hiddenNames }: Html): Finding[] {
  return hiddenNames.map((name) =>
    ok(`An element named "${name}" hides document.${name}: from the page's scripts, not from Carryover.`),
  );
}

function isSilent({ rel, referrerPolicy }: Link): boolean {
  return /(?:^|\s)noreferrer(?:\s|$)/i.test(rel) || /^(?:no-referrer|same-origin)$/i.test(referrerPolicy.trim());
}

function leadsToSibling({ href }: Link, base: URL, { origin }: URL, trusted: readonly string[]): boolean {
  const to = URL.canParse(href, base.href) ? new URL(href, base).origin : "null";
  return to !== origin && isTrustedOrigin(to, trusted);
}
