import type { Directive, Load } from "./content-security-policy.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { type FoundScript, isPinned } from "./find-script.ts";
import { type PagePolicies, findBlocking } from "./page-policies.ts";
import { hasKeyword } from "./source-list.ts";
import type { Target } from "./target.ts";

/** Without these the hub's frame cannot work; without the others it cannot ask the visitor. */
const NEEDED_FLAGS = ["allow-scripts", "allow-same-origin"];
const USEFUL_FLAGS = ["allow-storage-access-by-user-activation", "allow-popups", "allow-popups-to-escape-sandbox"];

/**
 * Whether the page's Content-Security-Policy lets the hub in.
 *
 * @param script as the page includes it; without one the moving address is looked at, as a tag without a nonce
 */
export function checkPolicies(
  policies: PagePolicies,
  page: URL,
  script: FoundScript | undefined,
  target: Target,
): Finding[] {
  const findings = [checkScriptSource(policies, page, script, target), checkFrameSource(policies, page, target)].filter(
    (finding) => finding !== undefined,
  );
  if (findings.length === 0) {
    const isFree = policies.enforced.length === 0;
    findings.push(
      ok(
        isFree
          ? "No Content-Security-Policy keeps the hub out."
          : "The Content-Security-Policy lets the hub's script and frame in.",
      ),
    );
  }
  const lesser = [
    checkLinksSource(policies, page, script, target),
    checkConnectSource(policies, page, target),
    ...policies.sandboxes.map(checkSandbox),
  ];
  findings.push(...lesser.filter((finding) => finding !== undefined));
  if (policies.reportOnly > 0) {
    findings.push(ok("A Content-Security-Policy-Report-Only is sent, too: it blocks nothing, and was not looked at."));
  }
  return findings;
}

function checkScriptSource(
  policies: PagePolicies,
  page: URL,
  script: FoundScript | undefined,
  { hub }: Target,
): Finding | undefined {
  const { nonce, integrity } = script?.element.attributes ?? {};
  const load: Load = {
    kind: "script",
    url: script?.url ?? new URL("/cookie-provider.min.js", hub),
    script: { nonce, integrity, isParserInserted: true },
  };
  const directive = findBlocking(policies, load, page, script?.element.index);
  if (!directive) return undefined;
  const title = `The Content-Security-Policy keeps the hub's script out: ${describe(directive)}.`;
  const isDynamic = hasKeyword(directive.sources, "'strict-dynamic'");
  if (isDynamic || directive.sources.some((source) => /^'nonce-/i.test(source))) {
    const advice = `Give the <script> tag the nonce of each answer${isDynamic ? " ('strict-dynamic' makes hosts count for nothing)" : `, or ${add(directive, "script-src", hub)}`}.`;
    // Whoever adds the script may have the nonce, or be trusted to add scripts.
    return script
      ? problem(title, advice)
      : warning(`If written into the page, it would be so: ${lower(title)}`, advice);
  }
  return problem(title, `${capital(add(directive, "script-src", hub))}, or use a nonce.`);
}

function checkFrameSource(policies: PagePolicies, page: URL, { hub, iframeUrl }: Target): Finding | undefined {
  const directive = findBlocking(policies, { kind: "frame", url: iframeUrl }, page);
  if (!directive) return undefined;
  return problem(
    `The Content-Security-Policy keeps the hub's frame out: ${describe(directive)}.`,
    `${capital(add(directive, "frame-src", hub))}.`,
  );
}

/** Pages with a pinned script do without the module, unless they say otherwise. */
function checkLinksSource(
  policies: PagePolicies,
  page: URL,
  script: FoundScript | undefined,
  { hub, hubVersion, settings }: Target,
): Finding | undefined {
  if (!settings?.handoff || !script || isPinned(script)) return undefined;
  const load: Load = {
    kind: "script",
    url: new URL(`/v/${script.version ?? hubVersion}/links.mjs`, hub),
    script: { nonce: script.element.attributes["nonce"], isParserInserted: false },
  };
  // What keeps the script itself out has been said.
  if (findBlocking(policies, { ...load, url: script.url }, page)) return undefined;
  const directive = findBlocking(policies, load, page);
  if (!directive) return undefined;
  return warning(
    `The Content-Security-Policy keeps links.mjs out, so links do not carry the session: ${describe(directive)}.`,
    `${capital(add(directive, "script-src", hub))}, or use a nonce.`,
  );
}

function checkConnectSource(policies: PagePolicies, page: URL, { hub, iframeUrl }: Target): Finding | undefined {
  const directive = findBlocking(policies, { kind: "connect", url: iframeUrl }, page);
  if (!directive) return undefined;
  return warning(
    `The Content-Security-Policy keeps the page's own requests from the hub: ${describe(directive)}.`,
    `${capital(add(directive, "connect-src", hub))}. The session is shared without it, too, but comes later.`,
  );
}

function checkSandbox(flags: readonly string[]): Finding | undefined {
  const has = new Set(flags.map((flag) => flag.toLowerCase()));
  const needed = NEEDED_FLAGS.filter((flag) => !has.has(flag));
  if (needed.length > 0) {
    return problem(
      `The policy's sandbox is without ${needed.join(" and ")}: nothing can be shared.`,
      "Add it to sandbox.",
    );
  }
  const useful = USEFUL_FLAGS.filter((flag) => !has.has(flag));
  if (useful.length === 0) return undefined;
  return warning(
    `The policy's sandbox is without ${useful.join(" and ")}: the card cannot ask the browser or the visitor.`,
    "Add it to sandbox.",
  );
}

function describe({ name, sources }: Directive): string {
  return sources.length > 0 ? `${name} ${sources.join(" ")}` : `${name} (empty)`;
}

/** A fallback is not added to: that would open more than is needed. */
function add({ name }: Directive, wanted: string, hub: URL): string {
  return name === "default-src"
    ? `send ${wanted} with what default-src has, and ${hub.origin}`
    : `add ${hub.origin} to ${name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
