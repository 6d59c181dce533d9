/** `npm run demo` as a reader sees it: two shops, one chat, in Chromium. */
import { connect, createServer } from "node:net";
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import { type Demo, startDemo } from "../../scripts/demo/start-demo.ts";
import { type Browser, certificate, launchChromium, type Page, type Policy } from "./harness/index.ts";
import { waitLonger } from "./linked-shops.ts";
import { clickThrough } from "./matrix/visitor.ts";
import { type TemporaryFolder, temporaryFolder } from "./harness/temporary-folder.ts";

const SESSION_COOKIE = "acme-chat-session";

let folder: TemporaryFolder;
let ports: { hubPort: number; demoPort: number };
let demo: Demo;
let browser: Browser;

beforeAll(async () => {
  folder = temporaryFolder("carryover-demo-");
  ports = { hubPort: await freePort(), demoPort: await freePort() };
  demo = await startDemo({ ...ports, persistTo: folder.path });
  browser = await launch("allow");
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  folder?.remove();
});

/** `*.localhost` needs neither proxy nor certificate. */
async function launch(policy: Policy): Promise<Browser> {
  const { publicKeyHash } = await certificate();
  return launchChromium({ policy, proxyPort: 9, hubOrigin: demo.urls.hub, publicKeyHash });
}

async function openShop(inBrowser: Browser, url: string): Promise<Page> {
  const page = await inBrowser.open(url);
  // Beside the page, not over it, whatever size the window has.
  await page.emulate({ width: 1200, height: 900, colorScheme: "light" });
  await page.waitFor(() => document.querySelector("#strip-event")?.textContent !== "none yet");
  return page;
}

/** Presses a product's button, which says a sentence in the chat, and waits for the answer. */
async function ask(page: Page, product: string, answer: string): Promise<void> {
  await page.click(`button[data-ask*="${product}"]`);
  await expect.poll(() => conversation(page), WAIT).toContain(answer);
}

/** Writes into the chat that is open, and waits for the answer. */
async function say(page: Page, words: string, answer: string): Promise<void> {
  await page.click("deep-chat >>> #text-input");
  // As typing does. There is no way to insert text that is not deprecated and counts as input.
  await page.eval((words) => document.execCommand("insertText", false, words), words);
  await page.press("Enter");
  await expect.poll(() => conversation(page), WAIT).toContain(answer);
}

const WAIT = { timeout: 10_000 };

/** Everything in the chat, greeting included. */
function conversation(page: Page): Promise<string> {
  return page.eval(() => {
    const bubbles = document.querySelector("deep-chat")?.shadowRoot?.querySelectorAll(".message-bubble") ?? [];
    return Array.from(bubbles, (bubble) => bubble.textContent).join("\n");
  });
}

/** The session as the strip shows it: its first six characters. */
function shownSession(page: Page): Promise<string | undefined> {
  return page.eval(() => document.querySelector<HTMLElement>("#strip-session")?.dataset["session"]);
}

function strip(page: Page, part: "words" | "event"): Promise<string | null | undefined> {
  return page.eval((part) => document.querySelector(`#strip-${part}`)?.textContent, part);
}

async function sessionCookies(inBrowser: Browser): Promise<string[]> {
  const cookies = (await inBrowser.cookies()).filter(({ name }) => name === SESSION_COOKIE);
  return cookies.map(({ domain }) => domain).toSorted();
}

test("a chat begun on one shop goes on on the other, and ends on both", async () => {
  const a = await openShop(browser, demo.urls.shopA);
  expect(await strip(a, "words")).toBe("Your chat follows you between our shops");
  expect(await shownSession(a)).toBe("");
  await ask(a, "Dawn kettle", "The Dawn kettle holds 1.2 litres");
  await expect.poll(() => strip(a, "event"), WAIT).toMatch(/^session saved/);
  const session = await shownSession(a);
  expect(session).toMatch(/^[0-9a-f]{6}$/);

  const b = await openShop(browser, demo.urls.shopB);
  await expect.poll(() => conversation(b), WAIT).toContain("The Dawn kettle holds 1.2 litres");
  expect(await conversation(b)).toContain("Tell me about the Dawn kettle.");
  expect(await shownSession(b)).toBe(session);

  // Both shops are open: what is said on one shows on the other.
  await say(
    b,
    "Is the Barn Owl bright?",
    "You have moved to Nightjar, and I still have our conversation. The Barn Owl throws 90 lux",
  );
  await expect.poll(() => conversation(a), WAIT).toContain("The Barn Owl throws 90 lux");
  expect(await conversation(a)).toContain("Is the Barn Owl bright?");

  await b.close();
  await a.click("#chat-end");
  await expect.poll(() => strip(a, "event"), WAIT).toMatch(/^chat ended, session cleared/);
  await expect.poll(() => shownSession(a), WAIT).toBe("");
  await expect.poll(() => conversation(a), WAIT).not.toContain("Dawn kettle");
  expect(await sessionCookies(browser)).toEqual(["shop-b.localhost"]);

  const later = await openShop(browser, demo.urls.shopB);
  expect(await shownSession(later)).toBe("");
  expect(await conversation(later)).toBe("");
  expect(await sessionCookies(browser)).toEqual([]);
  expect(errors(a).concat(errors(later))).toEqual([]);
});

test("where the browser blocks third-party cookies each shop has its own chat, and says so", async () => {
  const blocking = await launch("block");
  try {
    const a = await openShop(blocking, demo.urls.shopA);
    await ask(a, "Heron pourer", "The Heron pourer has a neck thin enough");
    const b = await openShop(blocking, demo.urls.shopB);
    expect(await shownSession(b)).toBe("");
    await ask(b, "Moth", "The Moth dynamo gives 3 watts");
    expect(await conversation(b)).not.toContain("Heron");
    expect(await shownSession(b)).toMatch(/^[0-9a-f]{6}$/);
    expect(await shownSession(b)).not.toBe(await shownSession(a));
    for (const page of [a, b]) {
      expect(await strip(page, "words")).toMatch(/^Your chat stays on this shop/);
      expect(await strip(page, "event")).toMatch(/^not saved to the hub/);
      expect(await page.eval(() => document.querySelector<HTMLElement>("#strip-hint")?.hidden)).toBe(false);
    }

    await a.reload();
    await expect.poll(() => conversation(a), WAIT).toContain("The Heron pourer has a neck thin enough");
  } finally {
    await blocking.close();
  }
});

test("where the browser blocks third-party cookies the link to the other shop brings the chat along", async () => {
  const blocking = await launch("block");
  try {
    const page = await openShop(blocking, demo.urls.shopA);
    await ask(page, "Heron pourer", "The Heron pourer has a neck thin enough");
    await page.eval(waitLonger, LINK_PATIENCE_MS);
    await page.click("#other-shop");
    await page.waitFor(() => location.hostname.startsWith("shop-b") && document.readyState === "complete");
    await expect.poll(() => conversation(page), WAIT).toContain("The Heron pourer has a neck thin enough");
    expect(await page.eval(() => location.hash)).toBe("");
    expect(errors(page)).toEqual([]);
  } finally {
    await blocking.close();
  }
});

test("where the browser blocks third-party cookies two clicks save the chat, and the shop's own script takes it along", async () => {
  const blocking = await launch("block");
  try {
    const page = await openShop(blocking, demo.urls.shopA);
    await ask(page, "Heron pourer", "The Heron pourer has a neck thin enough");
    const isKept = () => document.querySelector("#strip-event")?.textContent?.startsWith("session saved") ?? false;
    expect(await clickThrough(page, isKept)).toMatchObject({ clicks: 2, popupUsed: true });

    // Not by a link, and without another click: the browser tells where its scripts lead.
    await page.eval(() => location.assign(document.querySelector<HTMLAnchorElement>("#other-shop")!.href));
    await page.waitFor(() => location.hostname.startsWith("shop-b") && document.readyState === "complete");
    await expect.poll(() => conversation(page), WAIT).toContain("The Heron pourer has a neck thin enough");
  } finally {
    await blocking.close();
  }
});

describe("axe finds nothing to complain about", () => {
  test.each([
    ["shopA", "Dawn kettle", "The Dawn kettle holds"],
    ["shopB", "Barn Owl", "The Barn Owl throws"],
  ] as const)("on %s, light and dark, narrow and wide", async (shop, product, answer) => {
    const page = await openShop(browser, demo.urls[shop]);
    await ask(page, product, answer);
    await page.eval(`${axe.source}; undefined`);
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [320, 1200]) {
        await page.emulate({ width, height: 900, colorScheme, reducedMotion: true });
        expect(await violations(page), `${colorScheme}, ${width} px`).toEqual([]);
        expect(await page.eval(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
      }
    }
    await page.click("#chat-end");
    await expect.poll(() => strip(page, "event"), WAIT).toMatch(/^chat ended/);
  });
});

test("startDemo rejects with the number of a port that is in use", async () => {
  const { hubPort, demoPort } = ports;
  const free = await freePort();
  await expect(startDemo({ hubPort, demoPort: free })).rejects.toThrow(
    `Port ${hubPort}, wanted for the hub, is in use`,
  );
  await expect(startDemo({ hubPort: free, demoPort })).rejects.toThrow(
    `Port ${demoPort}, wanted for the shops, is in use`,
  );
});

// The last: nothing after it has a demo.
test("stop leaves nothing behind on the ports", async () => {
  expect(await isListening(ports.hubPort)).toBe(true);
  expect(await isListening(ports.demoPort)).toBe(true);
  await demo.stop();
  expect(await isListening(ports.hubPort)).toBe(false);
  expect(await isListening(ports.demoPort)).toBe(false);
});

/** deep-chat may restore a selection in a chat that is gone by then, which Chromium remarks upon and nobody notices. */
const DEEP_CHATS_OWN = "addRange(): The given range isn't in document.";

function errors(page: Page): string[] {
  return page.consoleMessages
    .filter(({ type, text }) => type !== "log" && !text.startsWith(DEEP_CHATS_OWN))
    .map(({ text }) => text);
}

async function violations(page: Page): Promise<string[]> {
  return page.eval(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    // The hub's frame is empty, and of another site.
    const results = await axe.run({ exclude: "iframe" }, { iframes: false });
    return results.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
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

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.once("connect", () => socket.destroy());
    socket.once("error", () => resolve(false));
  });
}
