import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ensureChromium, findChromium } from "../../scripts/browsers/find-chromium.ts";
import { installAdvice, isDebianItself, parseOsRelease } from "../../scripts/browsers/install-advice.ts";
import {
  HUB_ORIGIN,
  SHOP_A,
  SHOP_B,
  shopPage,
  startSmallWorld,
  type Browser,
  type Page,
  type SmallWorld,
} from "./harness/index.ts";

/** A hub of a few lines, so that what is proved here is the harness and nothing else. */
const HUB_FRAME = `<!doctype html><meta charset="utf-8"><title>Toy hub</title>
<button id="keep" style="width:160px;height:40px" onclick="keep('clicked')">Keep</button>
<button id="ask" onclick="document.requestStorageAccess().then(() => answer = 'granted', () => answer = 'denied')">Ask</button>
<button id="window" onclick="opened = window.open('/window') ? 'opened' : 'blocked'">Window</button>
<script>
  let answer = "none", opened = "none";
  function keep(value) { document.cookie = "session=" + value + "; Path=/; Secure; SameSite=None; Max-Age=600"; }
  async function sent() { return (await fetch("/cookies", { method: "POST" })).text(); }
  console.log("toy hub at work");
</script>`;

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });
const INSTALL_TIMEOUT_MS = 600_000;
let world: SmallWorld;

beforeAll(async () => {
  // Without a browser every test fails, with what to install.
  ensureChromium();
  world = await startSmallWorld();
}, INSTALL_TIMEOUT_MS);

afterAll(async () => {
  await world?.close();
});

function serveToyHub(): void {
  world.sites.reset();
  world.sites.serve("hub.test", "/frame", { body: HUB_FRAME });
  world.sites.serve(
    "hub.test",
    "/window",
    shopPage({
      title: "Hub window",
      body: `<button id="done" onclick="window.close()">Done</button>`,
    }),
  );
  world.sites.serve("hub.test", "/cookies", ({ headers }) => ({
    headers: { "content-type": "text/plain" },
    body: headers["cookie"] ?? "",
  }));
  world.sites.serve("hub.test", "/script.js", {
    headers: { "content-type": "text/javascript", "cache-control": "max-age=30" },
    body: "loaded = true;",
  });
  for (const host of ["shop-a.test", "shop-b.test"]) {
    world.sites.serve(
      host,
      "/",
      shopPage({
        title: host,
        body: `<button id="press" onclick="pressed = navigator.userActivation.isActive">Press</button>
          <iframe title="hub" allow="storage-access" src="${HUB_ORIGIN}/frame" style="margin-top:900px;border:3px solid;padding:5px"></iframe>
          <script src="${HUB_ORIGIN}/script.js"></script>`,
      }),
    );
  }
}

/** What the hub gets from its frame on the page, by the server's own log. */
async function cookiesSent(page: Page): Promise<string | undefined> {
  await page.frameEval("sent()");
  return world.sites.log("hub.test").findLast(({ path }) => path === "/cookies")?.headers.cookie;
}

describe("finding Chromium", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("takes CHROME_PATH, and tells of a wrong one instead of testing another browser", () => {
    vi.stubEnv("CHROME_PATH", process.execPath);
    expect(findChromium()).toBe(process.execPath);
    vi.stubEnv("CHROME_PATH", "/nowhere/chrome");
    expect(() => findChromium()).toThrow('CHROME_PATH is "/nowhere/chrome"');
    expect(() => ensureChromium()).toThrow('CHROME_PATH is "/nowhere/chrome"');
  });

  it("says what to install on the system at hand", () => {
    const advice = (osRelease: string) =>
      installAdvice({ platform: "linux", osRelease: parseOsRelease(osRelease), isRoot: false });
    expect(advice("ID=debian\n")).toContain("as root: apt-get update && apt-get install");
    expect(advice('ID="linuxmint"\nID_LIKE="ubuntu debian"\n')).toContain("only a stub for the snap");
    expect(advice("ID=fedora\n")).toContain("dnf install chromium");
    expect(installAdvice({ platform: "darwin", osRelease: parseOsRelease(""), isRoot: false })).toContain(
      "brew install",
    );
  });

  it("installs Debian's package and its relatives', not Ubuntu's stub", () => {
    expect(isDebianItself(parseOsRelease("ID=debian"))).toBe(true);
    expect(isDebianItself(parseOsRelease("ID=kali\nID_LIKE=debian"))).toBe(true);
    expect(isDebianItself(parseOsRelease("ID=ubuntu\nID_LIKE=debian"))).toBe(false);
    expect(isDebianItself(parseOsRelease('ID=pop\nID_LIKE="ubuntu debian"'))).toBe(false);
  });
});

describe("third-party cookies in Chromium", () => {
  let browser: Browser;
  beforeEach(serveToyHub);
  afterEach(async () => {
    await browser?.close();
  });

  it("are sent from both shops when the visitor allows them", async () => {
    browser = await world.launch({ policy: "allow" });
    const page = await browser.open(SHOP_A);
    await page.frameEval("keep('from-a')");
    expect(await cookiesSent(page)).toBe("session=from-a");

    await page.goto(SHOP_B);
    expect(await cookiesSent(page)).toBe("session=from-a");
    expect(await browser.cookies()).toMatchObject([
      {
        name: "session",
        value: "from-a",
        domain: "hub.test",
        sameSite: "None",
        partition: undefined,
      },
    ]);
  });

  it("are neither kept nor sent when they are blocked, not even ones set on a visit to the hub", async () => {
    browser = await world.launch({ policy: "block" });
    const hub = await browser.open(`${HUB_ORIGIN}/frame`);
    await hub.eval("keep('first-party')");
    const page = await browser.open(SHOP_A);
    await page.frameEval("keep('third-party')");
    expect(await cookiesSent(page)).toBeUndefined();

    await page.goto(SHOP_B);
    expect(await cookiesSent(page)).toBeUndefined();
    expect(await page.frameEval("document.hasStorageAccess()")).toBe(false);
    expect((await page.cookies()).map(({ value }) => value)).toEqual(["first-party"]);
  });

  it("come with requestStorageAccess, without a gesture, on the shops where the visitor has granted it, and only there", async () => {
    browser = await world.launch({ policy: "grant", grants: [SHOP_A] });
    const hub = await browser.open(`${HUB_ORIGIN}/frame`);
    await hub.eval("keep('first-party')");

    const page = await browser.open(SHOP_A);
    expect(await cookiesSent(page)).toBeUndefined();
    await page.frameEval(() => document.requestStorageAccess());
    expect(await cookiesSent(page)).toBe("session=first-party");

    await page.goto(SHOP_B);
    await expect(page.frameEval(() => document.requestStorageAccess())).rejects.toThrow("NotAllowedError");
    expect(await cookiesSent(page)).toBeUndefined();
  });

  it("stay away on a shop where the visitor has refused, whatever is clicked", async () => {
    browser = await world.launch({ policy: "deny", grants: [SHOP_A] });
    const hub = await browser.open(`${HUB_ORIGIN}/frame`);
    await hub.click("#keep");
    const page = await browser.open(SHOP_A);
    await page.frameClick("#ask");
    await (await page.frame()).waitFor("answer === 'denied'");
    expect(await cookiesSent(page)).toBeUndefined();
  });
});

describe("a page", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await world.launch({ policy: "allow" });
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    serveToyHub();
    page = await browser.open(SHOP_A);
  });
  afterEach(async () => {
    await page?.close();
  });

  it("runs scripts without user activation, and gives it by clicks and keys", async () => {
    expect(await page.eval(() => navigator.userActivation.hasBeenActive)).toBe(false);
    expect(await page.frameEval(() => navigator.userActivation.hasBeenActive)).toBe(false);
    await page.click("#press");
    expect(await page.eval("pressed")).toBe(true);
    expect(await page.frameEval(() => navigator.userActivation.hasBeenActive)).toBe(false);

    await page.reload();
    expect(await page.eval(() => navigator.userActivation.hasBeenActive)).toBe(false);
    await page.eval(() => document.querySelector<HTMLElement>("#press")?.focus());
    await page.press("Enter");
    expect(await page.eval("pressed")).toBe(true);
  });

  it("hands over arguments, waits for promises and tells what a script throws", async () => {
    expect(await page.eval(async (a: number, b: { c: string }) => `${a}${b.c}`, 1, { c: 'ä"' })).toBe('1ä"');
    expect(await page.eval(() => undefined)).toBeUndefined();
    await expect(page.eval(() => Promise.reject(new TypeError("so it is")))).rejects.toThrow("TypeError: so it is");
  });

  it("follows redirects by script, fragments, history and frames that reload themselves", async () => {
    world.sites.serve(
      "shop-b.test",
      "/jump",
      shopPage({ body: `<script>location.replace("${SHOP_A}/#there")</script>` }),
    );
    await page.goto(`${SHOP_B}/jump`);
    await page.waitFor(() => location.hash === "#there");
    expect(page.url()).toBe(`${SHOP_A}/#there`);
    await page.goto(`${SHOP_A}/#elsewhere`);
    expect(page.url()).toBe(`${SHOP_A}/#elsewhere`);

    await page.goto(SHOP_B);
    await page.back();
    expect(page.url()).toBe(`${SHOP_A}/#elsewhere`);
    expect(page.frameUrls()).toEqual([`${HUB_ORIGIN}/frame`]);

    const frame = await page.frame();
    await frame.eval("old = true; void setTimeout(() => location.reload())");
    await frame.waitFor("typeof old === 'undefined' && document.readyState === 'complete'");
  });

  it("tells frames of one URL apart, and forgets those that are removed", async () => {
    await page.eval((src: string) => {
      const second = document.createElement("iframe");
      second.src = src;
      document.body.append(second);
    }, `${HUB_ORIGIN}/frame`);
    const second = await page.frame(undefined, { nth: 1 });
    await second.click("#ask");
    await second.waitFor("answer === 'granted'");
    expect(await page.frameEval("answer")).toBe("none");
    await page.eval(() => document.querySelector("iframe")?.remove());
    await page.waitFor(() => document.querySelectorAll("iframe").length === 1);
    expect(page.frameUrls()).toHaveLength(1);
  });

  it("clicks into a cross-site frame far down the page", async () => {
    await page.frameClick("#keep");
    expect(await page.frameEval("document.cookie")).toBe("session=clicked");
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

  it("has the browser's popup blocker, and gets hold of windows that a click opens", async () => {
    await page.frameEval("document.querySelector('#window').click()");
    expect(await page.frameEval("opened")).toBe("blocked");

    const popup = await page.popup(() => page.frameClick("#window"));
    expect(popup.url()).toBe(`${HUB_ORIGIN}/window`);
    expect(popup.requests.map(({ url }) => url)).toContain(`${HUB_ORIGIN}/window`);
    await popup.click("#done");
    await popup.waitForClose();
    expect(browser.pages()).not.toContain(popup);
  });

  it("tells its requests, and which of them the cache answered", async () => {
    const first = page.requests.map(({ url }) => url);
    expect(first.toSorted()).toEqual([`${SHOP_A}/`, `${HUB_ORIGIN}/frame`, `${HUB_ORIGIN}/script.js`].toSorted());

    await page.goto(`${SHOP_A}/`);
    const second = page.requests.slice(first.length);
    expect(second.find(({ url }) => url.endsWith("/script.js"))).toMatchObject({
      fromCache: true,
      status: 200,
      type: "Script",
    });
    expect(second.find(({ url }) => url.endsWith("/frame"))).toMatchObject({
      fromCache: false,
      status: 200,
      type: "Document",
    });
    expect(world.sites.log("hub.test").filter(({ path }) => path === "/script.js").length).toBeLessThanOrEqual(1);
  });

  it("hears the console of its frames, and of the browser about them", async () => {
    await (await page.frame()).waitFor("typeof keep === 'function'");
    expect(page.consoleMessages).toContainEqual({ type: "log", text: "toy hub at work" });

    world.sites.serve("hub.test", "/closed", {
      headers: { "content-security-policy": "frame-ancestors 'none'" },
      body: "",
    });
    await page.eval(
      (url: string) => document.querySelector("iframe")?.setAttribute("src", url),
      `${HUB_ORIGIN}/closed`,
    );
    await page.frame((url) => url.startsWith("chrome-error:"));
    expect(page.consoleMessages.map(({ text }) => text).join()).toContain("frame-ancestors");
  });

  it("shows itself as small and as dark as a test wishes, frames included", async () => {
    await page.emulate({ width: 320, height: 600, colorScheme: "dark" });
    expect(await page.eval(() => innerWidth)).toBe(320);
    expect(await page.eval(() => matchMedia("(prefers-color-scheme: dark)").matches)).toBe(true);
    expect(await page.frameEval(() => matchMedia("(prefers-color-scheme: dark)").matches)).toBe(true);
  });
});

describe("the world outside", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await world.launch({ policy: "allow" });
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(serveToyHub);
  afterEach(() => world.proxy.route("hub.test", { to: "port", port: world.sites.port }));

  it("is refused by the proxy, so that nothing leaves the machine", async () => {
    const page = await browser.open(SHOP_A);
    for (const url of ["https://example.com/", "https://93.184.216.34/", "https://hub.test.example.com/"]) {
      await expect(
        page.eval((target: string) => fetch(target, { mode: "no-cors" }).then(() => "reached"), url),
      ).rejects.toThrow("Failed to fetch");
    }
    expect(world.proxy.refused).toEqual(
      expect.arrayContaining(["example.com:443", "93.184.216.34:443", "hub.test.example.com:443"]),
    );
    await expect(browser.open("https://example.com/")).rejects.toThrow("ERR_TUNNEL_CONNECTION_FAILED");
  });

  it("can be dead, silent or slow for one host while the others go on", async () => {
    const page = await browser.open(SHOP_A);
    const ask = () => page.frameEval("sent().then(() => 'answered', () => 'failed')");
    expect(await ask()).toBe("answered");

    world.proxy.route("hub.test", { to: "nowhere" });
    expect(await ask()).toBe("failed");

    world.proxy.route("hub.test", { to: "silence" });
    expect(
      await page.frameEval("Promise.race([sent(), new Promise((resolve) => setTimeout(resolve, 400, 'silent'))])"),
    ).toBe("silent");

    world.proxy.route("hub.test", { to: "port", port: world.sites.port, delayMs: 300 });
    const took = await page.frameEval<number, []>(
      "(async () => { const start = performance.now(); await sent(); return performance.now() - start; })()",
    );
    expect(took).toBeGreaterThanOrEqual(300);
    await page.goto(SHOP_B);
  });

  it("has plain http sites, too", async () => {
    const page = await browser.open("http://shop-a.test/");
    expect(await page.eval(() => isSecureContext)).toBe(false);
    expect(world.sites.log("shop-a.test").at(-1)).toMatchObject({ scheme: "http", path: "/" });
    const status = await page.eval(() => fetch("http://example.com/", { mode: "no-cors" }).then(({ type }) => type));
    expect(status).toBe("opaque");
    expect(world.proxy.refused).toContain("example.com");
  });
});
