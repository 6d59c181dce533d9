import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer, { type CDPSession, TargetType } from "puppeteer-core";
import { ensureChromium } from "../../../scripts/browsers/find-chromium.ts";
import type { Browser, Cookie, LaunchOptions } from "./browser.ts";
import { ChromiumPage } from "./chromium-page.ts";
import { chromiumPreferences } from "./chromium-preferences.ts";
import { FIRST_LOAD_TIMEOUT_MS } from "./page-base.ts";
import { poll, within } from "./poll.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** Starts Chromium with a fresh profile, as near to a visitor's browser as automation lets it be: popups are blocked, storage is partitioned. */
export async function launchChromium(options: LaunchOptions): Promise<Browser> {
  const executablePath = ensureChromium();
  const profile = temporaryFolder("carryover-chromium-");
  try {
    mkdirSync(join(profile.path, "Default"));
    writeFileSync(join(profile.path, "Default", "Preferences"), JSON.stringify(chromiumPreferences(options)));
    const driver = await puppeteer.launch({
      executablePath,
      userDataDir: profile.path,
      // Puppeteer's own arguments switch off the popup blocker and more; these are all there are.
      ignoreDefaultArgs: true,
      args: chromiumArguments(options, profile.path),
      pipe: true,
      timeout: LAUNCH_TIMEOUT_MS,
      defaultViewport: null,
      // Puppeteer starts and ends the process. Its pages are not used: they grant user activation with every script they run.
      targetFilter: (target) => target.type() === TargetType.BROWSER,
      waitForInitialPage: false,
    });
    const process = driver.process();
    return await drive(
      await driver.target().createCDPSession(),
      options.hubOrigin,
      await driver.version(),
      async () => {
        await within(driver.close(), {
          timeoutMs: CLOSE_TIMEOUT_MS,
          what: "Chromium to end",
        }).catch(() => process?.kill("SIGKILL"));
        profile.remove();
      },
    );
  } catch (error) {
    profile.remove();
    throw error;
  }
}

function chromiumArguments({ proxyPort, publicKeyHash }: LaunchOptions, profile: string): string[] {
  return [
    "--headless=new",
    "--remote-debugging-pipe",
    `--user-data-dir=${profile}`,
    `--proxy-server=http://127.0.0.1:${proxyPort}`,
    // Names are the proxy's business: not even a DNS question leaves the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost , EXCLUDE *.localhost",
    // The certificate counts as valid. A blanket --ignore-certificate-errors would keep the cache switched off.
    `--ignore-certificate-errors-spki-list=${publicKeyHash}`,
    // Tests say http:// where they mean it.
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--password-store=basic",
    // Reports for a Reporting-Endpoints header go out at once, not after a minute.
    "--short-reporting-delay",
    "--use-mock-keychain",
    "--window-size=1000,760",
    // Containers and newer Ubuntus give Chromium's sandbox no user namespaces, root cannot use it, and only our own pages are loaded.
    ...(process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : []),
    "about:blank",
  ];
}

async function drive(root: CDPSession, hubOrigin: string, version: string, end: () => Promise<void>): Promise<Browser> {
  /** By session id. */
  const pages = new Map<string, ChromiumPage>();

  async function cookies(): Promise<Cookie[]> {
    const all = await root.send("Storage.getCookies");
    return all.cookies.map((cookie) => ({
      name: cookie.name,
      value: cookie.value,
      domain: cookie.domain,
      path: cookie.path,
      expires: cookie.expires,
      httpOnly: cookie.httpOnly,
      secure: cookie.secure,
      sameSite: cookie.sameSite,
      partition: cookie.partitionKey?.topLevelSite,
    }));
  }

  // Windows wait for the debugger, so that not even a popup's first request goes unseen.
  root.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    const session = root.connection()?.session(sessionId);
    if (session == null) return;
    pages.set(
      sessionId,
      new ChromiumPage({
        session,
        targetId: targetInfo.targetId,
        hubOrigin,
        cookies,
        allPages: () => [...pages.values()],
        close: () => root.send("Target.closeTarget", { targetId: targetInfo.targetId }),
      }),
    );
  });
  root.on("Target.detachedFromTarget", ({ sessionId }) => {
    pages.get(sessionId)?.wasClosed();
    pages.delete(sessionId);
  });
  await root.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: "page" }],
  });

  return {
    engine: "chromium",
    version,
    async open(url) {
      const { targetId } = await root.send("Target.createTarget", { url: "about:blank" });
      const page = await poll(() => [...pages.values()].find((tab) => tab.targetId === targetId), {
        what: "a new tab",
      });
      try {
        await page.goto(url, { timeoutMs: FIRST_LOAD_TIMEOUT_MS });
        return page;
      } catch (error) {
        await page.close();
        throw error;
      }
    },
    pages: () => [...pages.values()],
    cookies,
    close: end,
  };
}
