import { createServer } from "node:net";
import { whyNoEngine } from "../../../scripts/browsers/ensure-engine.ts";
import { findWebKit } from "../../../scripts/browsers/find-webkit.ts";
import type { Browser, Policy, Surroundings } from "./browser.ts";
import { listen } from "./listen.ts";
import { FIRST_LOAD_TIMEOUT_MS } from "./page-base.ts";
import { poll, within } from "./poll.ts";
import { startProgram } from "./program.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { WebDriver } from "./webdriver.ts";
import { WebKitPage } from "./webkit-page.ts";
import { type Screen, startXvfb } from "./xvfb.ts";

const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** WebDriver has no events: windows that open and close are asked for. */
const WINDOWS_INTERVAL_MS = 100;

const ARGUMENTS: Readonly<Record<Policy<"webkit">, string>> = {
  block: "--enable-itp",
  prompt: "--enable-itp",
  allow: "--cookies-policy=always",
};

/** Starts WebKitGTK's MiniBrowser with nothing in its memory on an X server of its own, and drives it over WebDriver. */
export async function launchWebKit(options: Surroundings & { policy: Policy<"webkit"> }): Promise<Browser> {
  const missing = whyNoEngine("webkit");
  const programs = findWebKit();
  if (programs === undefined) throw new Error(missing);
  const home = temporaryFolder("carryover-webkit-");
  const undo: (() => Promise<void> | void)[] = [() => home.remove()];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const screen = await startXvfb(programs);
    undo.push(screen.end);
    const port = await freePort();
    const driverProgram = startProgram(
      programs.driver,
      [`--port=${port}`],
      environment(options.proxyPort, home.path, screen.display),
    );
    undo.push(driverProgram.end);
    const driverUrl = `http://127.0.0.1:${port}`;
    await poll(() => fetch(`${driverUrl}/status`).then(({ ok }) => ok), {
      timeoutMs: LAUNCH_TIMEOUT_MS,
      what: "WebKitWebDriver",
    });
    const { driver, capabilities } = await within(
      WebDriver.connect(driverUrl, {
        browserName: "MiniBrowser",
        acceptInsecureCerts: true,
        "webkitgtk:browserOptions": {
          binary: programs.miniBrowser,
          args: ["--automation", ARGUMENTS[options.policy]],
        },
      }),
      { timeoutMs: LAUNCH_TIMEOUT_MS, what: "MiniBrowser to be ready" },
    );
    undo.push(async () => {
      await within(driver.delete(), { timeoutMs: CLOSE_TIMEOUT_MS, what: "MiniBrowser to end" }).catch(() => undefined);
    });
    return await drive({ driver, screen, version: versionOf(capabilities), hubOrigin: options.hubOrigin, undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

function environment(proxyPort: number, home: string, display: string): NodeJS.ProcessEnv {
  // By WebDriver's capability, the browser would speak TLS to the proxy.
  const proxy = `http://127.0.0.1:${proxyPort}`;
  return {
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: "x11",
    HOME: home,
    XDG_CACHE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    http_proxy: proxy,
    https_proxy: proxy,
    // Between the driver and the browser.
    no_proxy: "127.0.0.1",
    GSETTINGS_BACKEND: "memory",
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
  };
}

/** WebKitWebDriver cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}

function versionOf(capabilities: unknown): string {
  const { browserName, browserVersion } = capabilities as { browserName: string; browserVersion: string };
  return `${browserName}/${browserVersion}`;
}

async function drive({
  driver,
  screen,
  version,
  hubOrigin,
  undo,
  close,
}: {
  driver: WebDriver;
  screen: Screen;
  version: string;
  hubOrigin: string;
  undo: (() => Promise<void> | void)[];
  close: () => Promise<void>;
}): Promise<Browser> {
  /** By window handle. */
  const pages = new Map<string, WebKitPage>();

  async function allPages(): Promise<WebKitPage[]> {
    const handles = await driver.get<string[]>("/window/handles");
    for (const handle of handles) {
      if (!pages.has(handle)) pages.set(handle, new WebKitPage({ driver, screen, handle, hubOrigin, allPages }));
    }
    for (const [handle, page] of pages) {
      if (handles.includes(handle)) continue;
      page.wasClosed();
      pages.delete(handle);
    }
    return [...pages.values()];
  }

  await driver.post("/timeouts", { pageLoad: FIRST_LOAD_TIMEOUT_MS });
  await allPages();
  const watch = setInterval(() => void allPages().catch(() => undefined), WINDOWS_INTERVAL_MS);
  undo.push(() => clearInterval(watch));

  return {
    engine: "webkit",
    version,
    async open(url) {
      const { handle } = await driver.exclusive(async () => {
        // The window that the session was at may be closed, and then even this command is refused.
        const [any] = await driver.get<string[]>("/window/handles");
        driver.place = undefined;
        await driver.post("/window", { handle: any });
        // Of tabs in one window only one could be clicked.
        return driver.post<{ handle: string }>("/window/new", { type: "window" });
      });
      const page = await poll(async () => (await allPages()).find((tab) => tab.handle === handle), {
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
    cookies: () =>
      Promise.reject(
        new Error("WebKit has no browser.cookies: WebDriver tells those of a page, as page.cookies() does."),
      ),
    close,
  };
}
