import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { whyNoEngine } from "../../../scripts/browsers/ensure-engine.ts";
import { findFirefox } from "../../../scripts/browsers/find-firefox.ts";
import { BiDi } from "./bidi.ts";
import type { Browser, Policy, Surroundings } from "./browser.ts";
import { chromeCookies } from "./firefox-chrome.ts";
import { listenToConsole } from "./firefox-console.ts";
import { Contexts } from "./firefox-contexts.ts";
import { FirefoxPage } from "./firefox-page.ts";
import { firefoxPreferences } from "./firefox-preferences.ts";
import { listenToRequests } from "./firefox-requests.ts";
import { FIRST_LOAD_TIMEOUT_MS } from "./page-base.ts";
import { poll, within } from "./poll.ts";
import { type Program, startProgram } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** Starts Firefox with a fresh profile, as near to a visitor's browser as automation lets it be, and drives it over WebDriver BiDi. */
export async function launchFirefox(options: Surroundings & { policy: Policy<"firefox"> }): Promise<Browser> {
  const missing = whyNoEngine("firefox");
  const path = findFirefox();
  if (path === undefined) throw new Error(missing);
  const profile = temporaryFolder("carryover-firefox-");
  writeFileSync(join(profile.path, "user.js"), firefoxPreferences(options.policy, options.proxyPort));
  const program = startProgram(
    path,
    [
      "--headless",
      "--no-remote",
      "--remote-debugging-port=0",
      // For what BiDi has no command for: the prompt's buttons, every cookie, visitors' preferences.
      "--remote-allow-system-access",
      "--width=1000",
      "--height=850",
      "--profile",
      profile.path,
      "about:blank",
    ],
    { ...process.env, HOME: profile.path, MOZ_CRASHREPORTER_DISABLE: "1" },
  );
  try {
    const url = await program.says(/WebDriver BiDi listening on (ws:\S+)/, { timeoutMs: LAUNCH_TIMEOUT_MS });
    const bidi = await BiDi.connect(`${url}/session`);
    return await within(
      drive(bidi, options.hubOrigin, () => end(bidi, program, profile.remove)),
      { timeoutMs: LAUNCH_TIMEOUT_MS, what: "Firefox to be ready" },
    );
  } catch (error) {
    await program.end();
    profile.remove();
    throw error;
  }
}

async function end(bidi: BiDi, program: Program, removeProfile: () => void): Promise<void> {
  await within(bidi.send("browser.close"), { timeoutMs: CLOSE_TIMEOUT_MS, what: "Firefox to close" }).catch(
    () => undefined,
  );
  bidi.close();
  await program.ended();
  removeProfile();
}

async function drive(bidi: BiDi, hubOrigin: string, close: () => Promise<void>): Promise<Browser> {
  /** By context. */
  const pages = new Map<string, FirefoxPage>();
  const contexts: Contexts = new Contexts(bidi, {
    opened(contextId) {
      pages.set(
        contextId,
        new FirefoxPage({ bidi, contexts, contextId, hubOrigin, allPages: () => [...pages.values()] }),
      );
    },
    closed(contextId) {
      pages.get(contextId)?.wasClosed();
      pages.delete(contextId);
    },
  });
  listenToConsole(bidi, (contextId, message) => pages.get(contexts.topOf(contextId))?.consoleMessages.push(message));
  listenToRequests(bidi, (contextId, request) => pages.get(contexts.topOf(contextId))?.requests.push(request));

  const { capabilities } = await bidi.send<{ capabilities: { browserVersion: string } }>("session.new", {
    capabilities: { alwaysMatch: { acceptInsecureCerts: true } },
  });
  // The tab that is open already is announced by this, too.
  await bidi.send("session.subscribe", { events: ["browsingContext", "log.entryAdded", "network"] });

  return {
    engine: "firefox",
    version: `Firefox/${capabilities.browserVersion}`,
    async open(url) {
      const { context } = await bidi.send<{ context: string }>("browsingContext.create", { type: "tab" });
      const page = await poll(() => pages.get(context), { what: "a new tab" });
      try {
        await page.goto(url, { timeoutMs: FIRST_LOAD_TIMEOUT_MS });
        return page;
      } catch (error) {
        await page.close();
        throw error;
      }
    },
    pages: () => [...pages.values()],
    cookies: () => chromeCookies(bidi),
    close,
  };
}
