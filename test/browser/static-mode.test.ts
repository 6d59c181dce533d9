/** A hand-written iframe.html with a TRUSTED_DOMAINS array on any web server, as the Genesys kit has it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, type Page, SHOP_A, SHOP_B, type World, startWorld } from "./harness/index.ts";
import {
  clear,
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  startChat,
  status,
  testCookies,
  uniqueName,
  visibleSessions,
} from "./shop.ts";

const STATIC_HUB = "https://static-hub.test";
const STATIC_URL = `${STATIC_HUB}/kit/iframe.html`;
const script = readFileSync(path.join(import.meta.dirname, "../../dist/assets/iframe.min.js"), "utf8");
let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({ tenants: {} });
  serveShops(world, ["shop-a.test", "shop-b.test", "stranger.test"]);
  serveKit(`const TRUSTED_DOMAINS = ["${SHOP_A}", "shop-b.test", "http://not-https.example"];`);
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

afterEach(() => closeTabs(browser));

function serveKit(firstScript: string): void {
  world.sites.serve("static-hub.test", "/kit/iframe.html", {
    body: `<!doctype html><html lang="en"><head><title>Hub</title><script>${firstScript}</script><script src="./iframe.min.js"></script></head><body></body></html>`,
  });
  world.sites.serve("static-hub.test", "/kit/iframe.min.js", {
    headers: { "content-type": "text/javascript" },
    body: script,
  });
}

function open(origin: string, name: string): Promise<Page> {
  return openShop(browser, origin, { name, iframeUrl: STATIC_URL });
}

describe("a static hub", () => {
  test("carries a session from one domain to another, byte for byte", async () => {
    const name = uniqueName();
    const value = '{"id":"a,b"}-naïve-100%25';
    const a = await open(SHOP_A, name);
    expect(await testCookies(a)).toBe(true);
    await startChat(a, name, value);
    expect(await save(a)).toBe(true);
    const b = await open(SHOP_B, name);
    expect(await load(b)).toBe(value);
    expect(await visibleSessions(b, name)).toEqual([value]);
    const hubCookie = (await browser.cookies()).find((cookie) => cookie.name === `__Host-static.${name}`);
    expect(hubCookie).toMatchObject({ domain: "static-hub.test", secure: true, sameSite: "None", path: "/" });
  });

  test("forgets an ended chat on every site", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "v");
    await save(a);
    const b = await open(SHOP_B, name);
    expect(await load(b)).toBe("v");
    expect(await clear(b)).toBe(true);
    await a.reload();
    expect(await load(a)).toBeNull();
  });

  test("says why a session is too large", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, '"'.repeat(1500));
    expect(await save(a)).toBe(false);
    expect((await status(a)).reason).toBe("The session is too large for a cookie.");
  });

  test("tells a stranger that it is not trusted, and nothing else", async () => {
    const name = uniqueName();
    const a = await open(SHOP_A, name);
    await startChat(a, name, "secret");
    await save(a);
    const stranger = await open("https://stranger.test", name);
    expect(await load(stranger)).toBeNull();
    expect(await status(stranger)).toEqual({
      access: "untrusted",
      reason: "The hub does not trust https://stranger.test: add it to TRUSTED_DOMAINS.",
    });
  });

  test("names the entry of TRUSTED_DOMAINS that it leaves out", async () => {
    const a = await open(SHOP_A, uniqueName());
    await load(a);
    expect(a.consoleMessages.map(({ text }) => text)).toContain(
      'Carryover: TRUSTED_DOMAINS[2] "http://not-https.example" must be https:// (http:// is for loopback hosts only). It is left out.',
    );
  });

  test("without TRUSTED_DOMAINS trusts nobody, and says what is missing", async () => {
    serveKit("");
    const a = await open(SHOP_A, uniqueName());
    expect(await load(a)).toBeNull();
    expect((await status(a)).access).toBe("untrusted");
    expect(a.consoleMessages.map(({ text }) => text).join()).toContain("needs `const TRUSTED_DOMAINS");
  });
});
