/** `node scripts/continue-screenshots.ts`: starts the hub for a moment, and writes docs/continue-*.png. */
import path from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import { createTestHarness } from "wrangler";
import { ensureChromium } from "./browsers/find-chromium.ts";

const ROOT = path.join(import.meta.dirname, "..");
const TENANT = "acme";
const RETURN_URL = "https://www.shop-a.com/cart";
const DOCUMENT = {
  TRUSTED_DOMAINS: ["https://www.shop-a.com", "https://www.shop-b.com", "https://*.shop-c.com"],
  displayName: "Acme",
  accentColor: "#0a7d55",
  privacyUrl: "https://www.shop-a.com/privacy",
};

type Picture = {
  readonly file: string;
  readonly colorScheme: "light" | "dark";
  readonly language: string;
  readonly width: number;
  readonly height: number;
};

const PICTURES: readonly Picture[] = [
  { file: "docs/continue-light.png", colorScheme: "light", language: "en", width: 640, height: 640 },
  { file: "docs/continue-dark.png", colorScheme: "dark", language: "en", width: 640, height: 640 },
  { file: "docs/continue-arabic-320.png", colorScheme: "light", language: "ar", width: 320, height: 640 },
];

process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
process.env["WRANGLER_SEND_METRICS"] = "false";
process.env["WRANGLER_LOG"] ??= "error";

const hub = createTestHarness({ workers: [{ configPath: path.join(ROOT, "wrangler.toml") }] });
try {
  const { url } = await hub.listen();
  const { TENANTS } = await hub.getWorker<{ TENANTS: { put(key: string, value: string): Promise<void> } }>().getEnv();
  await TENANTS.put(TENANT, JSON.stringify(DOCUMENT));
  const browser = await puppeteer.launch({
    executablePath: ensureChromium(),
    args: process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
  });
  try {
    const page = new URL(`/t/${TENANT}/continue?return=${encodeURIComponent(RETURN_URL)}`, url);
    for (const picture of PICTURES) await take(browser, page.href, picture);
  } finally {
    await browser.close();
  }
} finally {
  await hub.close();
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const page = await browser.newPage();
  await page.setViewport({ width: picture.width, height: picture.height, deviceScaleFactor: 2 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: picture.colorScheme }]);
  await page.setExtraHTTPHeaders({ "Accept-Language": picture.language });
  await page.goto(url, { waitUntil: "networkidle0" });
  const file = path.join(ROOT, picture.file);
  await page.screenshot({ path: file });
  await page.close();
  console.log(file);
}
