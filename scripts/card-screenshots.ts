/** `node scripts/card-screenshots.ts`: shows the card on a plain shop, and writes docs/card-*.png. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import * as esbuild from "esbuild";
import puppeteer, { type Browser } from "puppeteer-core";
import { ensureChromium } from "./browsers/find-chromium.ts";

const ROOT = path.join(import.meta.dirname, "..");

type Shot = {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly shop: Shop;
  /** Of client/card/card.ts, without its handlers. */
  readonly card: Readonly<Record<string, string>>;
};

type Shop = { readonly lang: string; readonly brand: string; readonly headline: string; readonly text: string };

const ENGLISH: Shop = {
  lang: "en",
  brand: "Acme Garden",
  headline: "Seeds for the small balcony",
  text: "Forty kinds that grow in a pot, sent in March.",
};
const ARABIC: Shop = {
  lang: "ar",
  brand: "حديقة أكمي",
  headline: "بذور للشرفة الصغيرة",
  text: "أربعون نوعًا تنمو في أصيص، تُرسل في مارس.",
};
const CARD = { displayName: "Acme", accentColor: "#0a7d55", privacyUrl: "https://www.shop-a.com/privacy" };

const SHOTS: readonly Shot[] = [
  {
    file: "card-light.png",
    width: 720,
    height: 480,
    scheme: "light",
    shop: ENGLISH,
    card: { ...CARD, purpose: "save", locale: "en" },
  },
  {
    file: "card-dark.png",
    width: 720,
    height: 480,
    scheme: "dark",
    shop: ENGLISH,
    card: { ...CARD, purpose: "continue", locale: "en" },
  },
  {
    file: "card-arabic.png",
    width: 720,
    height: 480,
    scheme: "light",
    shop: ARABIC,
    card: { ...CARD, purpose: "continue", locale: "ar" },
  },
  {
    file: "card-320.png",
    width: 320,
    height: 568,
    scheme: "light",
    shop: ENGLISH,
    card: { ...CARD, purpose: "save", locale: "de", accentColor: "#f2b705" },
  },
];

const server = await serve();
try {
  const browser = await puppeteer.launch({
    executablePath: ensureChromium(),
    args: process.platform === "linux" ? ["--no-sandbox", "--disable-dev-shm-usage"] : [],
  });
  try {
    for (const shot of SHOTS) console.log(await take(browser, shot));
  } finally {
    await browser.close();
  }
} finally {
  server.close();
}

async function take(browser: Browser, shot: Shot): Promise<string> {
  const file = path.join(ROOT, "docs", shot.file);
  const page = await browser.newPage();
  await page.setViewport({ width: shot.width, height: shot.height, deviceScaleFactor: 2 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: shot.scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await page.goto(`${address}?${new URLSearchParams({ shot: shot.file }).toString()}`);
  await page.waitForFunction(`document.querySelector("iframe").clientHeight > 0`);
  const frame = await page.waitForFrame((frame) => frame.url().includes("/frame"));
  // The height that fits this width, and the pixels that go with it.
  await frame.waitForFunction(
    `innerHeight === Math.ceil(document.querySelector("section").getBoundingClientRect().height)`,
  );
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  await page.screenshot({ path: file });
  await page.close();
  return file;
}

async function serve(): Promise<Server> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(ROOT, "client/card/card.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    charset: "utf8",
    write: false,
  });
  const card = outputFiles[0]?.contents;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const shot = SHOTS.find(({ file }) => file === searchParams.get("shot"));
    response.setHeader("Content-Type", pathname.endsWith(".mjs") ? "text/javascript" : "text/html; charset=utf-8");
    if (pathname === "/card.mjs") response.end(card);
    else if (shot && pathname === "/frame") response.end(framePage(shot));
    else if (shot) response.end(shopPage(shot));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return server;
}

function framePage({ card }: Shot): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Carryover</title></head><body><script type="module">
    import { openCard } from "/card.mjs";
    const nothing = () => {};
    openCard({
      ...${JSON.stringify(card)}, onContinue: nothing, onDismiss: nothing, onOpenPopup: nothing,
      onResize: (height) => parent.postMessage(height, "*"),
    });
  </script></body></html>`;
}

function shopPage({ file, shop }: Shot): string {
  const pots = ["#c8553d", "#588b8b", "#e0a458"].map((color) => `<i style="background:${color}"></i>`).join("");
  return `<!doctype html><html lang="${shop.lang}" dir="${shop.lang === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8">
  <meta name="viewport" content="width=device-width"><title>${shop.brand}</title><style>
    :root { --ground: #f5f1e8; --ink: #26331f }
    @media (prefers-color-scheme: dark) { :root { --ground: #171c14; --ink: #e9efe2 } }
    body { margin: 0; padding: 24px clamp(16px, 5vw, 40px); background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
    b { font-size: 18px }
    h1 { max-width: 14em; margin: 28px 0 8px; font-size: clamp(26px, 5vw, 36px); line-height: 1.15 }
    p { margin: 0 0 24px }
    div { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px }
    i { height: 230px; border-radius: 12px; opacity: 0.75 }
    span { position: fixed; right: 16px; bottom: 20px; padding: 14px 20px; border-radius: 99px; background: #26331f; color: #fff; border: 1px solid #60705a }
    iframe { position: fixed; left: 16px; bottom: 96px; width: min(360px, 100vw - 32px); height: 0; border: 0; color-scheme: light dark }
  </style></head><body><b>${shop.brand}</b><h1>${shop.headline}</h1><p>${shop.text}</p><div>${pots}</div><span>Chat</span>
  <iframe title="Carryover" src="/frame?shot=${file}"></iframe>
  <script>addEventListener("message", ({ data }) => { document.querySelector("iframe").style.height = data + "px"; });</script>
  </body></html>`;
}
