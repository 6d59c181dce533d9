/**
 * The script of `/t/<tenant>/check`: goes down the ladder of this browser on this site, rung by rung, with the same code as the
 * hub's iframe, and says what it finds.
 */
import { CHECK_CONFIG_ELEMENT_ID, CHECK_ELEMENT_IDS, type CheckConfig } from "../../protocol/check-config.ts";
import { CHECK_WINDOW } from "../../protocol/routes.ts";
import { canUseCookies, hubCookiePrefix } from "../iframe/cookie-jar.ts";
import { findAccess } from "../iframe/storage-access.ts";
import { findCookies, findPartitioning, findSaving } from "./cookies.ts";
import type { Finding } from "./finding.ts";
import { findHandoff } from "./handoff.ts";
import { findPage, readPageFacts } from "./page-facts.ts";
import { summarise, writeReport } from "./report.ts";
import { answerOpener, offerWindow, tryWindow } from "./small-window.ts";
import { findStorageAccess, offerPrompt, tryPrompt } from "./storage-access.ts";
import { type Trial, showFinding } from "./view.ts";
import { findTrust, findWhere } from "./where.ts";

// Written by the Worker into this very document, with the same types: no guard could know better.
const config: CheckConfig = JSON.parse(document.getElementById(CHECK_CONFIG_ELEMENT_ID)?.textContent ?? "");
const { tenant, trustedDomains, storageAccess, handoff } = config;
const where = findWhere();
const findings = new Map<string, Finding>();
const list = byId(CHECK_ELEMENT_IDS.rungs);
const report = byId(CHECK_ELEMENT_IDS.report);

const prefix = hubCookiePrefix(tenant);
const access = () => findAccess(storageAccess, prefix);

async function check(): Promise<void> {
  tell(findTrust(where, trustedDomains));
  if (!where.isEmbedded) {
    byId(CHECK_ELEMENT_IDS.shop).hidden = false;
    tell(findCookies(tenant));
    return;
  }
  const facts = readPageFacts(location.hash);
  if (facts) tell(findPage(facts, where, trustedDomains));
  const status = await access();
  tell(findCookies(tenant));
  tell(await findPartitioning(storageAccess));
  tell(findStorageAccess(status));
  tell(await findSaving(tenant, status));
  tell(await findHandoff(handoff, where, trustedDomains));
  tell(offerPrompt(status), status.access === "granted" ? undefined : promptTrial);
  tell(offerWindow(), windowTrial);
}

const promptTrial: Trial = {
  label: "Ask this browser",
  async run() {
    const finding = await tryPrompt(access);
    tell(finding, finding.verdict === "good" ? undefined : promptTrial);
    if (finding.verdict !== "good") return finding;
    const status = await access();
    tell(findStorageAccess(status));
    tell(await findSaving(tenant, status));
    return finding;
  },
};

const windowTrial: Trial = {
  label: "Open the small window",
  async run() {
    const finding = await tryWindow(tenant);
    tell(finding, finding.verdict === "good" ? undefined : windowTrial);
    return finding;
  },
};

function tell(finding: Finding, trial?: Trial): void {
  findings.set(finding.rung, finding);
  showFinding(list, finding, trial);
  const all = [...findings.values()];
  report.textContent = writeReport(config, where, all);
  byId(CHECK_ELEMENT_IDS.summary).textContent = summarise(config, where, all);
}

/** In a frame the site has to allow it (`clipboard-write`); the text can be copied by hand in any case. */
async function copyReport(): Promise<void> {
  const button = byId(CHECK_ELEMENT_IDS.copy);
  try {
    await navigator.clipboard.writeText(report.textContent);
    button.textContent = "Copied";
  } catch {
    if (report instanceof HTMLTextAreaElement) report.select();
    button.textContent = "Selected: copy it with Ctrl+C or ⌘C";
  }
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The check page has no #${id}.`);
  return found;
}

if (location.hash.startsWith(CHECK_WINDOW) && window.opener) {
  answerOpener({ tenant, nonce: location.hash.slice(CHECK_WINDOW.length), cookies: canUseCookies(prefix) });
} else {
  byId(CHECK_ELEMENT_IDS.copy).addEventListener("click", () => void copyReport());
  void check();
}
