import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import puppeteer, { type BrowserContext } from "puppeteer-core";
import { ensureChromium } from "../../scripts/browsers/find-chromium.ts";
import { chromiumPreferences } from "../../test/browser/harness/chromium-preferences.ts";
import { temporaryFolder } from "../../test/browser/harness/temporary-folder.ts";
import { HUB_ORIGIN } from "../../test/browser/harness/index.ts";
import { TENANT } from "../hub.ts";
import { SESSION, SESSION_NAME } from "./contenders.ts";

const LAUNCH_TIMEOUT_MS = 30_000;
const ARRIVAL_TIMEOUT_MS = 15_000;
const SETTLED_MS = 100;

/** One browser for all runs: its own start would be the larger part of each, and the same for all. */
export type VisitorBrowser = {
  /** A visitor who was never here, with nothing in the cache and no connection open, yet with the hub cookie of a chat on another site. */
  newVisitor(): Promise<Visitor>;
  close(): Promise<void>;
};

export type Visitor = {
  /** Opens the page and waits until it has the session, and until nothing is on its way any more. */
  visit(url: string): Promise<Visit>;
  leave(): Promise<void>;
};

export type Visit = {
  /** From the navigation to the session. */
  readonly timeMs: number;
  /** The same moment in ms since 1970. */
  readonly arrivedAtMs: number;
};

/** The shop's page keeps it here. */
type Arrival = {
  readonly timeMs: number;
  readonly arrivedAtMs: number;
  readonly session: unknown;
  readonly cookie: string;
};

export async function launchVisitors(options: { proxyPort: number; publicKeyHash: string }): Promise<VisitorBrowser> {
  const executablePath = ensureChromium();
  const profile = temporaryFolder("carryover-bench-");
  mkdirSync(path.join(profile.path, "Default"));
  const preferences = chromiumPreferences({ policy: "allow", hubOrigin: HUB_ORIGIN });
  writeFileSync(path.join(profile.path, "Default/Preferences"), JSON.stringify(preferences));
  try {
    const browser = await puppeteer.launch({
      executablePath,
      userDataDir: profile.path,
      args: [
        `--proxy-server=http://127.0.0.1:${options.proxyPort}`,
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        `--ignore-certificate-errors-spki-list=${options.publicKeyHash}`,
        "--disable-quic",
        "--disable-gpu",
        ...(process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : []),
      ],
      pipe: true,
      timeout: LAUNCH_TIMEOUT_MS,
    });
    return {
      newVisitor: async () => arrive(await browser.createBrowserContext()),
      async close() {
        await browser.close();
        profile.remove();
      },
    };
  } catch (error) {
    profile.remove();
    throw error;
  }
}

async function arrive(context: BrowserContext): Promise<Visitor> {
  await context.setCookie({
    name: `__Host-${TENANT}.${SESSION_NAME}`,
    value: SESSION,
    domain: new URL(HUB_ORIGIN).hostname,
    path: "/",
    secure: true,
    sameSite: "None",
  });
  const page = await context.newPage();
  return {
    async visit(url) {
      await page.goto(url, { timeout: ARRIVAL_TIMEOUT_MS });
      const handle = await page.waitForFunction("window.arrival", { timeout: ARRIVAL_TIMEOUT_MS });
      const { timeMs, arrivedAtMs, session, cookie } = (await handle.jsonValue()) as Arrival;
      if (session !== SESSION || !cookie.split("; ").includes(`${SESSION_NAME}=${SESSION}`))
        throw new Error(`${url} has got ${JSON.stringify(session)}, with the cookies ${JSON.stringify(cookie)}.`);
      await page.waitForNetworkIdle({ idleTime: SETTLED_MS, timeout: ARRIVAL_TIMEOUT_MS });
      return { timeMs, arrivedAtMs };
    },
    leave: () => context.close(),
  };
}
