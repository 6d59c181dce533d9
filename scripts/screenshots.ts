/** `node scripts/screenshots.ts`: runs the demo, chats on shop A and then on shop B, and writes docs/demo.png. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { ensureChromium } from "./browsers/find-chromium.ts";
import { ROOT } from "./demo/paths.ts";
import { startDemo } from "./demo/start-demo.ts";
import type { DemoUrls } from "./demo/urls.ts";

const OUTPUT = path.join(ROOT, "docs/demo.png");

/** Two shops and the room around them make an image 1600 pixels wide. */
const SHOP = { width: 772, height: 730 };
/** So that shop and chat stand side by side. */
const SCALE = 0.86;
const ROOM = 18;
const WIDTH = 2 * SHOP.width + 3 * ROOM + 2;

const WAIT_MS = 15_000;
const POLL_MS = 50;
/** For deep-chat to scroll to the end. */
const SETTLE_MS = 500;

/** Everything in the chat. A string, as all that runs in a page here: Node's scripts know no DOM. */
const CONVERSATION = `[...document.querySelector("deep-chat")?.shadowRoot.querySelectorAll(".message-bubble") ?? []].map((bubble) => bubble.textContent).join("\\n")`;

const folder = mkdtempSync(path.join(tmpdir(), "carryover-screenshots-"));
try {
  const demo = await startDemo({ hubPort: await freePort(), demoPort: await freePort(), persistTo: folder });
  try {
    const browser = await launch(path.join(folder, "profile"));
    try {
      writeFileSync(OUTPUT, await picture(browser, demo.urls));
      console.log(OUTPUT);
    } finally {
      await browser.close();
    }
  } finally {
    await demo.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function picture(browser: Browser, urls: DemoUrls): Promise<Uint8Array> {
  const a = await openShop(browser, urls.shopA);
  await a.click("#chat-launcher");
  await say(a, "Is the Dawn kettle very loud?", "rings a low note");
  await until(a, `document.querySelector("#strip-event").textContent.startsWith("session saved")`);

  const b = await openShop(browser, urls.shopB);
  await until(b, `${CONVERSATION}.includes("rings a low note")`);
  await say(b, "How long is delivery?", "two to three working days");

  const shots: { host: string; image: string }[] = [];
  for (const [page, url] of [[a, urls.shopA] as const, [b, urls.shopB] as const]) {
    await until(page, `${CONVERSATION}.includes("two to three working days")`);
    await page.bringToFront();
    // No cursor, no ring.
    await page.evaluate("document.activeElement?.blur()");
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    shots.push({ host: new URL(url).hostname, image: await page.screenshot({ encoding: "base64" }) });
  }
  return compose(browser, shots);
}

async function openShop(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.setViewport({
    width: Math.round(SHOP.width / SCALE),
    height: Math.round(SHOP.height / SCALE),
    deviceScaleFactor: SCALE,
  });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: "light" },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(url);
  await until(page, `document.querySelector("#carryover-strip").dataset.access === "granted"`);
  return page;
}

async function say(page: Page, words: string, answer: string): Promise<void> {
  const input = await page.waitForSelector("deep-chat >>> #text-input", { visible: true });
  await input?.click();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await until(page, `${CONVERSATION}.includes(${JSON.stringify(answer)})`);
}

async function until(page: Page, condition: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while ((await page.evaluate(condition)) !== true) {
    if (Date.now() > deadline) throw new Error(`Waited in vain on ${page.url()} for ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function compose(
  browser: Browser,
  shots: readonly { readonly host: string; readonly image: string }[],
): Promise<Uint8Array> {
  const windows = shots.map(
    ({ host, image }) =>
      `<figure><figcaption>${host}</figcaption><img src="data:image/png;base64,${image}" width="${SHOP.width}"></figure>`,
  );
  const page = await browser.newPage();
  await page.setViewport({ width: WIDTH, height: 400 });
  await page.setContent(`<!doctype html><style>
    body { margin: 0; padding: ${ROOM}px; display: flex; gap: ${ROOM}px; background: #dfe4ea; }
    figure { margin: 0; border-radius: 10px; overflow: hidden; box-shadow: 0 2px 10px rgb(20 32 46 / 0.25); }
    figcaption { padding: 9px 16px; background: #fff; color: #14202e; font: 600 15px/1.3 system-ui, sans-serif; }
    img { display: block; }
  </style>${windows.join("")}`);
  return page.screenshot({ fullPage: true });
}

function launch(userDataDir: string): Promise<Browser> {
  // Builds differ in what they do with third-party cookies.
  mkdirSync(path.join(userDataDir, "Default"), { recursive: true });
  writeFileSync(
    path.join(userDataDir, "Default/Preferences"),
    JSON.stringify({ profile: { cookie_controls_mode: 0 } }),
  );
  return puppeteer.launch({
    executablePath: ensureChromium(),
    userDataDir,
    args: process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
