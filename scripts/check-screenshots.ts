/** `node scripts/check-screenshots.ts`: pastes the check page's lines into a shop, and writes docs/check-*.png. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import { createTestHarness } from "wrangler";
import { snippetFor } from "../worker/check-page/snippet.ts";
import { ensureChromium } from "./browsers/find-chromium.ts";

const ROOT = path.join(import.meta.dirname, "..");
const TENANT = "acme";
const SHOP = "shop-a.localhost";
const STRANGER = "stranger.localhost";

/** Chromium's setting: 0 allows third-party cookies, 1 blocks them. */
type Picture = {
  readonly file: string;
  readonly site: string;
  readonly colorScheme: "light" | "dark";
  readonly width: number;
  readonly height: number;
  readonly blocked: boolean;
};

const PICTURES: readonly Picture[] = [
  { file: "docs/check-light.png", site: SHOP, colorScheme: "light", width: 800, height: 1150, blocked: false },
  { file: "docs/check-dark.png", site: SHOP, colorScheme: "dark", width: 800, height: 1370, blocked: true },
  { file: "docs/check-320.png", site: SHOP, colorScheme: "light", width: 320, height: 1640, blocked: true },
  { file: "docs/check-untrusted.png", site: STRANGER, colorScheme: "light", width: 800, height: 380, blocked: false },
];

process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["WRANGLER_LOG"] ??= "error";

const hub = createTestHarness({ workers: [{ configPath: path.join(ROOT, "wrangler.toml") }] });
const folder = mkdtempSync(path.join(tmpdir(), "carryover-screenshots-"));
const shop = createServer((_, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(
    `<!doctype html><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width"><script src="${hubOrigin}/cookie-provider.min.js"></script><body><script>${snippetFor(hubOrigin, TENANT)}</script>`,
  );
});
let hubOrigin = "";
try {
  const { url } = await hub.listen();
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  const { port } = shop.address() as AddressInfo;
  hubOrigin = `http://hub.localhost:${new URL(url).port}`;
  const { TENANTS } = await hub.getWorker<{ TENANTS: { put(key: string, value: string): Promise<void> } }>().getEnv();
  await TENANTS.put(TENANT, JSON.stringify([`http://${SHOP}:${port}`, `http://shop-b.localhost:${port}`]));
  for (const blocked of [false, true]) {
    const browser = await launch(path.join(folder, `profile-${blocked}`), blocked);
    try {
      for (const picture of PICTURES.filter((one) => one.blocked === blocked)) await take(browser, port, picture);
    } finally {
      await browser.close();
    }
  }
} finally {
  shop.close();
  await hub.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function launch(userDataDir: string, blocked: boolean): Promise<Browser> {
  mkdirSync(path.join(userDataDir, "Default"), { recursive: true });
  writeFileSync(
    path.join(userDataDir, "Default/Preferences"),
    JSON.stringify({ profile: { cookie_controls_mode: blocked ? 1 : 0 } }),
  );
  return puppeteer.launch({
    executablePath: ensureChromium(),
    userDataDir,
    args: process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
  });
}

async function take(browser: Browser, port: number, picture: Picture): Promise<void> {
  const page = await browser.newPage();
  await page.setViewport({ width: picture.width, height: picture.height, deviceScaleFactor: 2 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: picture.colorScheme }]);
  await page.goto(`http://${picture.site}:${port}/`, { waitUntil: "networkidle0" });
  const file = path.join(ROOT, picture.file);
  await page.screenshot({ path: file });
  await page.close();
  console.log(file);
}
