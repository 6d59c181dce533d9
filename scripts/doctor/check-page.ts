import { checkConditions } from "./check-conditions.ts";
import { checkPageHeaders } from "./check-page-headers.ts";
import { checkPolicies } from "./check-policies.ts";
import { checkIframeUrl, checkScript } from "./check-script.ts";
import { checkTrust } from "./check-trust.ts";
import { type FetchedPage, fetchPage } from "./fetch-page.ts";
import { findScripts } from "./find-script.ts";
import { type Finding, type Section, ok, problem } from "./finding.ts";
import { collectPolicies } from "./page-policies.ts";
import { readHtml } from "./read-html.ts";
import type { Target } from "./target.ts";

export type CheckedPage = {
  readonly section: Section;
  /** Where the visitor ends up, if the page loads. */
  readonly url?: URL;
};

/** Whether a page can use the hub. */
export async function checkPage(first: URL, target: Target): Promise<CheckedPage> {
  const fetched = await fetchPage(first);
  if (!fetched.ok) {
    const advice = "Check the address; the page must be reachable from this machine.";
    return { section: { about: "page", subject: first.href, findings: [problem(fetched.reason, advice)] } };
  }
  const { url } = fetched.value.answer;
  const findings = [...describeWay(fetched.value), ...(await checkAnswer(fetched.value, target))];
  return { section: { about: "page", subject: first.href, findings }, url };
}

function describeWay({ redirects }: FetchedPage): Finding[] {
  return redirects.map((url) => ok(`Redirects to ${url.href}.`));
}

async function checkAnswer({ answer }: FetchedPage, target: Target): Promise<Finding[]> {
  const { url, status, headers, body } = answer;
  const { hub, iframeUrl, settings } = target;
  const trust = checkTrust(url, hub, settings);
  if (status !== 200) {
    const advice = "Give a page that answers 200 without a login; its headers and HTML were not looked at.";
    return [problem(`The page answers ${status}.`, advice), trust];
  }
  const type = headers.get("Content-Type") ?? "";
  if (!/^(?:text\/html|application\/xhtml\+xml)\b/i.test(type)) {
    return [problem(`The page is no HTML, but ${type || "of no type"}.`, "Give the address of a page."), trust];
  }
  const html = readHtml(body.toString());
  const scripts = findScripts(html, url, hub);
  return [
    ok("The page loads."),
    trust,
    ...(await checkScript(scripts, target)),
    ...checkIframeUrl(html, url, iframeUrl),
    ...checkPolicies(collectPolicies(headers, html), url, scripts.fromHub[0], target),
    ...checkPageHeaders(headers, html, url, hub),
    ...checkConditions(html, url, scripts, target),
  ];
}
