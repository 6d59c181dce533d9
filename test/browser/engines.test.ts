/** The harness in Firefox and WebKit: what each policy means, and that a page can do what Chromium's can. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Engine, engineAdvice } from "../../scripts/browsers/ensure-engine.ts";
import { findFirefox } from "../../scripts/browsers/find-firefox.ts";
import { parseOsRelease } from "../../scripts/browsers/install-advice.ts";
import {
  type Browser,
  HUB_ORIGIN,
  missingEngine,
  type Page,
  SHOP_A,
  SHOP_B,
  shopPage,
  type SmallWorld,
  startSmallWorld,
} from "./harness/index.ts";
import { temporaryFolder } from "./harness/temporary-folder.ts";
import { closeTabs } from "./shop.ts";

/** A hub of a few lines, so that what is proved here is the harness and nothing else. */
const HUB_FRAME = `<!doctype html><meta charset="utf-8"><title>Toy hub</title>
<button id="keep" onclick="keep('clicked')">Keep</button>
<button id="ask" onclick="document.requestStorageAccess().then(() => answer = 'granted', () => answer = 'denied')">Ask</button>
<button id="window" onclick="opened = window.open('/window') ? 'opened' : 'blocked'">Window</button>
<div id="host"></div>
<script>
  let answer = "none", opened = "none", heard = [];
  function keep(value) { document.cookie = "session=" + value + "; Path=/; Secure; SameSite=None; Max-Age=600"; }
  async function sent() { return (await fetch("/cookies", { method: "POST" })).text(); }
  addEventListener("message", ({ origin, data }) => heard.push(origin + " " + data));
  document.querySelector("#host").attachShadow({ mode: "open" })
    .innerHTML = '<button id="deep" onclick="pressedDeep = navigator.userActivation.isActive">Deep</button>';
  console.warn("toy hub", { at: "work" });
</script>`;

/** Time enough for an answer that somebody's browser gives on its own account. */
const PENDING_MS = 1_500;

vi.setConfig({ testTimeout: 45_000, hookTimeout: 45_000 });
let world: SmallWorld;

beforeAll(async () => {
  world = await startSmallWorld();
});
afterAll(() => world?.close());
beforeEach(() => {
  world.sites.reset();
  // Without 'unsafe-eval', as the real hub's.
  const headers = { "content-security-policy": "script-src 'unsafe-inline'" };
  world.sites.serve("hub.test", "/frame", { headers, body: HUB_FRAME });
  world.sites.serve(
    "hub.test",
    "/window",
    shopPage({
      title: "Hub window",
      body: `<button id="done" onclick="opener.postMessage('done', '*'); setTimeout(() => window.close(), 50)">Done</button>`,
    }),
  );
  world.sites.serve("hub.test", "/cookies", ({ headers }) => ({
    headers: { "content-type": "text/plain" },
    body: headers["cookie"] ?? "",
  }));
  for (const host of ["shop-a.test", "shop-b.test"]) {
    const body = `<button id="press" onclick="pressed = navigator.userActivation.isActive">Press</button>
      <iframe title="hub" allow="storage-access" src="${HUB_ORIGIN}/frame" style="margin-top:900px;border:3px solid;padding:5px"></iframe>`;
    world.sites.serve(host, "/", shopPage({ title: host, body }));
  }
});

async function visitHub(browser: Browser): Promise<void> {
  const hub = await browser.open(`${HUB_ORIGIN}/frame`);
  await hub.click("#keep");
  await hub.waitFor("document.cookie");
  await hub.close();
}

/** What scripts in the hub's frame can learn on arrival, and what its requests carry. */
async function stateOf(page: Page): Promise<object> {
  return {
    hasStorageAccess: await page.frameEval("document.hasStorageAccess()"),
    query: await page.frameEval(
      `navigator.permissions.query({ name: "storage-access" }).then(({ state }) => state, ({ name }) => name)`,
    ),
    sent: await page.frameEval("sent()"),
  };
}

async function askByClick(page: Page): Promise<string> {
  await page.frameClick("#ask");
  return answerOf(page);
}

async function answerOf(page: Page): Promise<string> {
  const frame = await page.frame();
  return frame.waitFor<string>(`answer !== "none" && answer`, { timeoutMs: PENDING_MS }).catch(() => "pending");
}

const noFirefox = missingEngine("firefox");
const noWebKit = missingEngine("webkit");

describe.skipIf(noFirefox)(`third-party cookies in Firefox${noFirefox}`, () => {
  let browser: Browser;
  afterEach(() => browser?.close());

  it("default: partitioned; a request is granted after a visit to the hub, and waits for a prompt without one", async () => {
    browser = await world.launch({ engine: "firefox", policy: "default" });
    const page = await browser.open(SHOP_A);
    expect(await stateOf(page)).toEqual({ hasStorageAccess: false, query: "prompt", sent: "" });
    expect(await askByClick(page)).toBe("pending");
    await page.close();

    await visitHub(browser);
    const b = await browser.open(SHOP_B);
    await b.frameEval("keep('partitioned')");
    expect(await stateOf(b)).toEqual({ hasStorageAccess: false, query: "prompt", sent: "session=partitioned" });
    expect((await b.cookies()).map(({ value, partition }) => ({ value, partition }))).toEqual(
      expect.arrayContaining([
        { value: "clicked", partition: undefined },
        { value: "partitioned", partition: SHOP_B },
      ]),
    );
    expect(await askByClick(b)).toBe("granted");
    expect(await stateOf(b)).toEqual({ hasStorageAccess: true, query: "granted", sent: "session=clicked" });
  });

  it("block: partitioned; a request waits for the visitor's answer to the prompt", async () => {
    browser = await world.launch({ engine: "firefox", policy: "block" });
    await visitHub(browser);
    const page = await browser.open(SHOP_A);
    expect(await askByClick(page)).toBe("pending");
    await page.answerPrompt("deny");
    expect(await answerOf(page)).toBe("denied");
    expect(await page.frameEval("sent()")).toBe("");

    await page.goto(SHOP_B);
    expect(await askByClick(page)).toBe("pending");
    await page.answerPrompt("allow");
    expect(await answerOf(page)).toBe("granted");
    expect(await page.frameEval("sent()")).toBe("session=clicked");
  });

  it.each([
    { policy: "grant", answer: "granted", sent: "session=clicked" },
    { policy: "deny", answer: "denied", sent: "" },
  ] as const)("$policy: partitioned; a request is $answer without a prompt that is seen", async (row) => {
    browser = await world.launch({ engine: "firefox", policy: row.policy });
    await visitHub(browser);
    const page = await browser.open(SHOP_A);
    expect(await stateOf(page)).toEqual({ hasStorageAccess: false, query: "prompt", sent: "" });
    await expect(page.frameEval(() => document.requestStorageAccess())).rejects.toThrow("NotAllowedError");
    expect(await askByClick(page)).toBe(row.answer);
    expect(await page.frameEval("sent()")).toBe(row.sent);
  });
});

describe.skipIf(noWebKit)(`third-party cookies in WebKit${noWebKit}`, () => {
  let browser: Browser;
  afterEach(() => browser?.close());

  it("block: blocked; a request is denied where the hub was never visited, and waits for a prompt where it was", async () => {
    browser = await world.launch({ engine: "webkit", policy: "block" });
    const page = await browser.open(SHOP_A);
    await page.frameEval("keep('third-party')");
    expect(await stateOf(page)).toEqual({ hasStorageAccess: false, query: "TypeError", sent: "" });
    expect(await askByClick(page)).toBe("denied");

    await visitHub(browser);
    const b = await browser.open(SHOP_B);
    expect(await stateOf(b)).toEqual({ hasStorageAccess: false, query: "TypeError", sent: "" });
    expect(await askByClick(b)).toBe("pending");
  });

  it("prompt: blocked; a request waits for the visitor's answer to the prompt", async () => {
    browser = await world.launch({ engine: "webkit", policy: "prompt" });
    await visitHub(browser);
    const page = await browser.open(SHOP_A);
    expect(await askByClick(page)).toBe("pending");
    await page.answerPrompt("deny");
    expect(await answerOf(page)).toBe("denied");
    expect(await page.frameEval("sent()")).toBe("");

    const b = await browser.open(SHOP_B);
    await b.frameClick("#ask");
    // Another window in front of it.
    await page.eval("1");
    await b.answerPrompt("allow");
    expect(await answerOf(b)).toBe("granted");
    expect(await b.frameEval("sent()")).toBe("session=clicked");
  });
});

/** One of each engine for everything that needs no policy. They end with the world. */
const permissive = new Map<Engine, Promise<Browser>>();

function permissiveBrowser(engine: "firefox" | "webkit"): Promise<Browser> {
  const browser = permissive.get(engine) ?? world.launch({ engine, policy: "allow" });
  permissive.set(engine, browser);
  return browser;
}

describe.skipIf(noFirefox)(`third-party cookies allowed in Firefox${noFirefox}`, () => {
  it("are sent from the first, and requests are granted without a gesture", async () => {
    const browser = await permissiveBrowser("firefox");
    await visitHub(browser);
    const page = await browser.open(SHOP_A);
    expect(await stateOf(page)).toEqual({ hasStorageAccess: true, query: "prompt", sent: "session=clicked" });
    await page.frameEval(() => document.requestStorageAccess());
  });
});

describe.skipIf(noWebKit)(`third-party cookies allowed in WebKit${noWebKit}`, () => {
  it("are sent from the first, though hasStorageAccess() knows it only where the hub was visited", async () => {
    const browser = await permissiveBrowser("webkit");
    const page = await browser.open(SHOP_A);
    expect(await page.frameEval("document.hasStorageAccess()")).toBe(false);
    await page.frameEval("keep('third-party')");
    expect(await page.frameEval("sent()")).toBe("session=third-party");
    await visitHub(browser);
    const b = await browser.open(SHOP_B);
    expect(await stateOf(b)).toEqual({ hasStorageAccess: true, query: "TypeError", sent: "session=clicked" });
  });
});

for (const { engine, name } of [
  { engine: "firefox", name: "Firefox" },
  { engine: "webkit", name: "WebKit" },
] as const) {
  const missing = missingEngine(engine);
  describe.skipIf(missing)(`a page in ${name}${missing}`, () => {
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      browser = await permissiveBrowser(engine);
    });
    beforeEach(async () => {
      page = await browser.open(SHOP_A);
    });
    afterEach(() => closeTabs(browser));

    it("runs scripts without user activation, and gives it by clicks and keys", async () => {
      expect(await page.eval(() => navigator.userActivation.hasBeenActive)).toBe(false);
      expect(await page.frameEval(() => navigator.userActivation.hasBeenActive)).toBe(false);
      await page.click("#press");
      expect(await page.eval("pressed")).toBe(true);
      expect(await page.frameEval(() => navigator.userActivation.hasBeenActive)).toBe(false);
      await page.frameClick("#host >>> #deep");
      expect(await page.frameEval("pressedDeep")).toBe(true);

      await page.reload();
      expect(await page.eval(() => navigator.userActivation.hasBeenActive)).toBe(false);
      await page.eval(() => document.querySelector<HTMLElement>("#press")?.focus());
      await page.press("Enter");
      expect(await page.waitFor("pressed")).toBe(true);
    });

    it("presses keys in the frame that was clicked", async () => {
      const frame = await page.frame();
      await frame.click("#keep");
      await page.press("Tab");
      expect(await frame.eval("document.activeElement.id")).toBe("ask");
      await page.press("Space");
      await frame.waitFor("answer === 'granted'");
    });

    it("hands over arguments, waits for promises and tells what a script throws", async () => {
      expect(await page.eval(async (a: number, b: { c: string }) => `${a}${b.c}`, 1, { c: 'ä"' })).toBe('1ä"');
      expect(await page.eval(() => undefined)).toBeUndefined();
      expect(await page.frameEval("const a = [1, 2]; a.push(3); a.join(';');")).toBe("1;2;3");
      expect(await page.eval(() => ({ list: [1, null, "a"], when: new Date(0) }))).toEqual({
        list: [1, null, "a"],
        when: "1970-01-01T00:00:00.000Z",
      });
      await expect(page.eval(() => Promise.reject(new TypeError("so it is")))).rejects.toThrow("TypeError: so it is");
      await expect(page.eval("notThere")).rejects.toThrow("ReferenceError");
      // Others are not kept waiting by a promise that is not settled.
      const slow = page.eval(() => new Promise((resolve) => setTimeout(resolve, 300, "slow")));
      expect(await page.frameEval("1 + 1")).toBe(2);
      expect(await slow).toBe("slow");
    });

    it("follows redirects by script, fragments, history and frames that reload themselves", async () => {
      world.sites.serve(
        "shop-b.test",
        "/jump",
        shopPage({ body: `<script>location.replace("${SHOP_A}/#there")</script>` }),
      );
      await page.goto(`${SHOP_B}/jump`);
      await page.waitFor(() => location.hash === "#there");
      // Told by the browser on a way of its own.
      await expect.poll(() => page.url()).toBe(`${SHOP_A}/#there`);
      await page.goto(`${SHOP_A}/#elsewhere`);
      expect(page.url()).toBe(`${SHOP_A}/#elsewhere`);

      await page.goto(SHOP_B);
      await page.back();
      expect(page.url()).toBe(`${SHOP_A}/#elsewhere`);

      const frame = await page.frame();
      expect(frame.url()).toBe(`${HUB_ORIGIN}/frame`);
      await frame.eval("window.old = true; void setTimeout(() => location.reload())");
      await frame.waitFor("typeof old === 'undefined' && document.readyState === 'complete'");
    });

    it("tells frames of one URL apart, and forgets those that are removed", async () => {
      await page.eval((src: string) => {
        const second = document.createElement("iframe");
        second.src = src;
        document.body.append(second);
      }, `${HUB_ORIGIN}/frame`);
      const second = await page.frame(undefined, { nth: 1 });
      await second.waitFor("document.readyState === 'complete'");
      await second.click("#keep");
      await second.eval("opened = 'in the second'");
      expect(await page.frameEval("opened")).toBe("none");
      await page.eval(() => document.querySelector("iframe")?.remove());
      expect(await page.frameEval("opened")).toBe("in the second");
    });

    it("will not click what is not there, hidden or covered", async () => {
      await expect(page.click("#nothing", { timeoutMs: 200 })).rejects.toThrow("#nothing to be visible");
      await page.eval(() => {
        const cover = document.createElement("div");
        cover.style.cssText = "position:fixed;inset:0";
        document.body.append(cover);
      });
      await expect(page.click("#press", { timeoutMs: 200 })).rejects.toThrow("#press to be visible and uncovered");
      await expect(page.frameClick("#keep", { timeoutMs: 200 })).rejects.toThrow("#keep to be visible and uncovered");
    });

    it("has the browser's popup blocker, and gets hold of windows that a click opens, which can talk to their opener", async () => {
      await page.frameEval("document.querySelector('#window').click()");
      expect(await page.frameEval("opened")).toBe("blocked");

      const popup = await page.popup(() => page.frameClick("#window"));
      expect(await page.frameEval("opened")).toBe("opened");
      expect(popup.url()).toBe(`${HUB_ORIGIN}/window`);
      expect(browser.pages()).toContain(popup);
      expect(await popup.eval("!!opener && opener.closed === false")).toBe(true);
      await popup.click("#done");
      await popup.waitForClose();
      expect(await (await page.frame()).waitFor("heard[0]")).toBe(`${HUB_ORIGIN} done`);
      expect(popup.isClosed()).toBe(true);
      expect(browser.pages()).not.toContain(popup);
    });

    it("cannot leave the machine, and says so when a page is not to be had", async () => {
      await expect(page.goto("https://example.com/")).rejects.toThrow("Cannot open https://example.com/");
      expect(world.proxy.refused).toContain("example.com:443");
      await page.goto("http://shop-a.test/");
      expect(await page.eval(() => isSecureContext)).toBe(false);
    });

    it("shows itself, and has a size", async () => {
      await page.emulate({ width: 600, height: 500 });
      expect(await page.eval(() => innerWidth)).toBe(600);
      const folder = temporaryFolder("carryover-engines-");
      const file = join(folder.path, "page.png");
      await page.screenshot(file);
      expect(statSync(file).size).toBeGreaterThan(1_000);
      folder.remove();
    });
  });
}

describe.skipIf(noFirefox)(`what Firefox tells besides${noFirefox}`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await permissiveBrowser("firefox");
  });
  beforeEach(async () => {
    page = await browser.open(SHOP_A);
  });

  it("tells its requests, its console and every cookie", async () => {
    await page.frameEval("keep('mine')");
    await page.frameEval("sent()");
    expect(page.requests).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ url: `${SHOP_A}/`, type: "Document", status: 200, fromCache: false }),
        expect.objectContaining({ url: `${HUB_ORIGIN}/frame`, type: "Document", status: 200 }),
        expect.objectContaining({ url: `${HUB_ORIGIN}/cookies`, type: "Fetch", method: "POST", status: 200 }),
      ]),
    );
    expect(page.frameUrls()).toEqual([`${HUB_ORIGIN}/frame`]);
    expect(page.consoleMessages).toContainEqual({ type: "warning", text: `toy hub {"at":"work"}` });
    await page.eval("void setTimeout(() => { throw new Error('uncaught'); })");
    await vi.waitFor(() => expect(page.consoleMessages).toContainEqual({ type: "exception", text: "Error: uncaught" }));
    const cookie = (await browser.cookies()).find(({ value }) => value === "mine");
    expect(cookie).toMatchObject({ name: "session", domain: "hub.test", sameSite: "None", partition: undefined });
    expect(Math.abs((cookie?.expires ?? 0) - Date.now() / 1000 - 600)).toBeLessThan(60);
  });

  it("is as dark and as still as a test wishes, frames included", async () => {
    await page.emulate({ colorScheme: "dark", reducedMotion: true });
    const wished = `matchMedia("(prefers-color-scheme: dark)").matches && matchMedia("(prefers-reduced-motion: reduce)").matches`;
    expect(await page.eval(wished)).toBe(true);
    expect(await (await page.frame()).waitFor(wished)).toBe(true);
    await page.emulate({ colorScheme: "light", reducedMotion: false });
    expect(await page.eval(wished)).toBe(false);
  });
});

describe.skipIf(noWebKit)(`what WebKit does not tell${noWebKit}`, () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await permissiveBrowser("webkit");
  });
  beforeEach(async () => {
    page = await browser.open(SHOP_A);
  });

  it("tells the cookies of the page itself, and names what it cannot do", async () => {
    const hub = await browser.open(`${HUB_ORIGIN}/frame`);
    await hub.eval("keep('mine')");
    expect(await hub.cookies()).toMatchObject([{ name: "session", value: "mine", sameSite: "None" }]);
    await expect(browser.cookies()).rejects.toThrow("WebKit has no browser.cookies");
    expect(() => page.frameUrls()).toThrow("WebKit has no frameUrls");
    await expect(page.emulate({ colorScheme: "dark" })).rejects.toThrow("WebKit cannot emulate colorScheme");
    await expect(page.emulate({ width: 320 })).rejects.toThrow("WebKit cannot be 320");
  });
});

describe("where an engine is missing", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("the name of what is skipped says what to install", () => {
    const system = (osRelease: string) =>
      ({ platform: "linux", osRelease: parseOsRelease(osRelease), isRoot: false }) as const;
    expect(engineAdvice("firefox", system("ID=debian"))).toBe(
      "no Firefox; as root: apt-get install firefox-esr, or set FIREFOX_PATH",
    );
    expect(engineAdvice("webkit", system("ID=fedora"))).toContain("on Debian: apt-get install webkit2gtk-driver xvfb");
  });

  it("a wrong FIREFOX_PATH is an error", () => {
    vi.stubEnv("FIREFOX_PATH", process.execPath);
    expect(findFirefox()).toBe(process.execPath);
    vi.stubEnv("FIREFOX_PATH", "/nowhere/firefox");
    expect(() => findFirefox()).toThrow('FIREFOX_PATH is "/nowhere/firefox"');
  });
});
