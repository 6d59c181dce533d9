import { ask } from "./ask.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { type FoundScript, findIframeUrls, isPinned } from "./find-script.ts";
import { matchesIntegrity } from "./integrity.ts";
import type { Html } from "./read-html.ts";
import type { Target } from "./target.ts";

/** How the page includes the provider's script, and whether it gets it. */
export async function checkScript(
  scripts: { readonly fromHub: readonly FoundScript[]; readonly fromElsewhere: readonly URL[] },
  target: Target,
): Promise<Finding[]> {
  const [script, ...more] = scripts.fromHub;
  if (!script) return [explainAbsence(scripts.fromElsewhere[0], target.hub)];
  const findings = [
    ...checkPlace(script, target.settings?.handoff ?? false),
    ...checkPin(script),
    ...(target.hubVersion === undefined ? [] : await checkContent(script, target.hubVersion)),
  ];
  if (more.length > 0) {
    findings.push(
      warning(
        `The page includes the hub's script ${more.length + 1} times.`,
        "Once is enough, for several providers, too.",
      ),
    );
  }
  return findings;
}

function explainAbsence(elsewhere: URL | undefined, hub: URL): Finding {
  if (elsewhere) {
    return warning(
      `The page includes ${elsewhere.href}, which is not of this hub.`,
      `Include ${hub.origin}/cookie-provider.min.js, unless you host a copy on purpose.`,
    );
  }
  return warning(
    "The hub's script is not in the static HTML. Perhaps a tag manager or a bundle adds it.",
    `If not, include it in <head>: <script src="${hub.origin}/cookie-provider.min.js"></script>`,
  );
}

function checkPlace({ element, url, isModule }: FoundScript, handoff: boolean): Finding[] {
  const findings: Finding[] = [];
  const late = ["async", "defer"].filter((name) => element.attributes[name] !== undefined);
  if (!isModule && late.length > 0) {
    findings.push(
      warning(
        `The script is loaded with ${late.join(" and ")}: CookieProvider is not there yet for the scripts that follow.`,
        "Leave that out, or wait for the script before you use CookieProvider.",
      ),
    );
  }
  if (handoff && !element.isInHead) {
    findings.push(
      warning(
        "The script is not in <head>: scripts before it see the one-time codes of links in the address.",
        "Move it into <head>, before analytics and routers.",
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [ok(`The page includes ${url.href}${element.isInHead ? ", in <head>" : ""}.`)];
}

function checkPin({ element: { attributes }, url, version, isModule }: FoundScript): Finding[] {
  const { integrity, crossorigin } = attributes;
  if (integrity === undefined) return [];
  const findings: Finding[] = [];
  // Modules are loaded by CORS in any case.
  if (crossorigin === undefined && !isModule) {
    findings.push(
      problem("The script has integrity without crossorigin: browsers refuse it.", 'Add crossorigin="anonymous".'),
    );
  } else if (crossorigin?.toLowerCase() === "use-credentials") {
    findings.push(
      problem('The script has crossorigin="use-credentials": browsers refuse it.', 'Use crossorigin="anonymous".'),
    );
  }
  if (version === undefined) {
    findings.push(
      warning(
        "The script is pinned by integrity at an address that moves: the hub's next release breaks the page.",
        `Pin ${url.origin}/v/<version>${url.pathname}.`,
      ),
    );
  }
  return findings;
}

/** What the hub serves at the script's address now. */
async function checkContent(script: FoundScript, hubVersion: string): Promise<Finding[]> {
  const { element, url, version } = script;
  const asked = await ask(url);
  if (!asked.ok) return [problem(asked.reason, "Try again.")];
  const { status, body } = asked.value;
  if (status !== 200) {
    const advice =
      version === undefined
        ? "Correct the address, or deploy the hub again."
        : `Include version ${hubVersion}, or have the hub serve ${version} again: docs/operators.md, Files that pages have pinned.`;
    return [problem(`The page includes ${url.href}, which answers ${status}.`, advice)];
  }
  const findings: Finding[] = [];
  const { integrity } = element.attributes;
  if (integrity !== undefined) {
    findings.push(
      matchesIntegrity(integrity, body)
        ? ok(
            `Its integrity is that of the file.${isPinned(script) ? " Its links carry the session only with { handoff: true }." : ""}`,
          )
        : problem(
            "Its integrity is not that of the file: browsers refuse it.",
            `Take it from ${url.origin}/v/${version ?? hubVersion}/manifest.json.`,
          ),
    );
  }
  if (version !== undefined && version !== hubVersion) {
    findings.push(ok(`The page has version ${version}, the hub ${hubVersion}: both work together.`));
  }
  return findings;
}

/** Whether the page's inline scripts ask for the hub and tenant in question. */
export function checkIframeUrl(html: Html, page: URL, iframeUrl: URL): Finding[] {
  const others = findIframeUrls(html).filter(
    (text) => !URL.canParse(text, page.href) || new URL(text, page).href !== iframeUrl.href,
  );
  return [...new Set(others)].map((text) =>
    warning(
      `The page hands ${JSON.stringify(text)} to CookieProvider.`,
      `If this tenant is meant, hand it ${iframeUrl.href}.`,
    ),
  );
}
