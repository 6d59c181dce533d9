/**
 * The continue page as a visitor meets it, third-party cookies blocked: as a popup of the hub's iframe on a shop, and as a
 * full page on the way from one shop to the next.
 */
import { request } from "node:https";
import axe from "axe-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PopupTask } from "../../protocol/popup-messages.ts";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  type World,
  shopPage,
  startWorld,
} from "./harness/index.ts";
import { IFRAME_URL, uniqueName } from "./shop.ts";

const CONTINUE_URL = `${HUB_ORIGIN}/t/acme/continue`;
/** The page waits three seconds for a task. */
const NO_TASK_WAIT = { timeoutMs: 8000 };

declare global {
  var heard: unknown[];
}

let world: World;
let browser: Browser;

beforeAll(async () => {
  world = await startWorld({
    tenants: {
      acme: JSON.stringify({
        TRUSTED_DOMAINS: [SHOP_A, SHOP_B],
        displayName: "Acme",
        accentColor: "#0a7d55",
        privacyUrl: "https://shop-a.test/privacy",
      }),
      plain: JSON.stringify([SHOP_A]),
      many: JSON.stringify({
        TRUSTED_DOMAINS: Array.from(
          { length: 120 },
          (_, n) => `https://shop-number-${n}.a-rather-long-domain-name.example`,
        ),
        displayName: "A company whose name is long, longer than any button, and unbreakable".replaceAll(" ", ""),
        accentColor: "#ffee00",
      }),
    },
  });
  const body = `<button id="open">Open</button><iframe src="${IFRAME_URL}" width="400" height="200"></iframe>`;
  for (const host of ["shop-a.test", "shop-b.test", "evil.test"])
    world.sites.serve(host, "/*", shopPage({ title: host, body }));
  world.sites.serve(
    "shop-a.test",
    "/isolated",
    shopPage({ body, headers: { "cross-origin-opener-policy": "same-origin" } }),
  );
  // The page as the hub serves it to a visitor from Egypt. The harness's Chromium speaks English.
  world.sites.serve("mirror.test", "/arabic", async () => ({ body: await fetchFromHub("/t/acme/continue", "ar-EG") }));
  browser = await world.launch({ policy: "block" });
});

afterAll(() => world?.close());

afterEach(async () => {
  world.setHub("up");
  for (const page of browser.pages().slice(1)) await page.close();
});

/** What an iframe of the hub hears from the popup that it opens, and answers with. */
type Opening = { readonly task?: PopupTask; readonly path?: string };

/**
 * Opens the continue page as the hub's iframe does: by a click inside it. The iframe's part is played here; the window, its
 * origin and its place on the shop's page are the real ones.
 */
async function openPopup(shop: Page, { task, path = "/t/acme/continue" }: Opening): Promise<Page> {
  const frame = await shop.frame();
  await frame.waitFor(() => document.readyState === "complete");
  await frame.eval(
    (task, path) => {
      heard = [];
      const button = document.createElement("button");
      button.id = "open";
      button.textContent = "Open";
      button.addEventListener("click", () => {
        const popup = window.open(path, "", "popup,width=480,height=640");
        addEventListener("message", ({ source, origin, data }) => {
          if (source !== popup || origin !== location.origin) return;
          heard.push(data);
          if (task && data.type === "carryover:popup-ready") popup?.postMessage(task, location.origin);
        });
      });
      document.body.replaceChildren(button);
    },
    task ?? null,
    path,
  );
  const popup = await shop.popup(() => frame.click("#open"));
  await popup.waitFor(isReady);
  return popup;
}

function isReady(): boolean {
  return document.documentElement.classList.contains("scripted");
}

async function heardBy(shop: Page): Promise<unknown[]> {
  return (await shop.frame()).eval(() => heard);
}

async function expectLast(shop: Page, message: unknown): Promise<void> {
  await expect.poll(async () => (await heardBy(shop)).at(-1)).toEqual(message);
}

function save(name: string, session: string): PopupTask {
  return { type: "carryover:popup-task", name, session };
}

function fetch(name: string): PopupTask {
  return { type: "carryover:popup-task", name, session: null };
}

async function hubCookie(name: string, tenant = "acme") {
  return (await browser.cookies()).find((cookie) => cookie.name === `__Host-${tenant}.${name}`);
}

/** A session of an earlier day. */
async function plantSession(name: string, session: string, tenant = "acme"): Promise<void> {
  const page = await browser.open(CONTINUE_URL);
  const status = await page.eval(
    async (path, session) => (await globalThis.fetch(path, { method: "PUT", body: session })).status,
    `/t/${tenant}/session/${name}`,
    session,
  );
  expect(status).toBe(204);
  await page.close();
}

function status(page: Page): Promise<string | undefined> {
  return page.eval(() => document.getElementById("status")?.textContent);
}

async function expectStatus(page: Page, words: string | RegExp, timeout = 5000): Promise<void> {
  await expect.poll(() => status(page), { timeout }).toMatch(words);
}

function writes(page: Page): string[] {
  return page.requests
    .filter(({ method }) => method !== "GET")
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`);
}

function problems(page: Page): string[] {
  return page.consoleMessages.filter(({ type }) => type !== "log").map(({ text }) => text);
}

describe("as a popup of the hub's iframe", () => {
  test.each([
    ["plain text", "chat-1", "chat-1"],
    [
      "what cookies make trouble with",
      `a=b "c", %3B ü 漢字 🙂`,
      "a%3Db%20%22c%22%2C%20%253B%20%C3%BC%20%E6%BC%A2%E5%AD%97%20%F0%9F%99%82",
    ],
  ])("saves the session that waits, hands back what the hub cookie says, and closes: %s", async (_, session, raw) => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(name, session) });
    expect(await heardBy(shop)).toEqual([{ type: "carryover:popup-ready" }]);
    // Nothing before the click.
    expect(writes(popup)).toEqual([]);

    await popup.click("#continue");
    await popup.waitForClose();
    await expectLast(shop, { type: "carryover:popup-done", hubCookie: raw });
    expect(await heardBy(shop)).toHaveLength(2);
    expect(writes(popup)).toEqual([`PUT /t/acme/session/${name}`]);
    expect(problems(popup)).toEqual([]);
    expect(await hubCookie(name)).toMatchObject({ value: raw, domain: "hub.test", secure: true, sameSite: "None" });
    expect((await hubCookie(name))?.partition).toBeUndefined();
  });

  test("fetches the session that another site has left, without writing anything", async () => {
    const name = uniqueName();
    await plantSession(name, "from shop b");
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: fetch(name) });
    await popup.click("#continue");
    await popup.waitForClose();
    await expectLast(shop, { type: "carryover:popup-done", hubCookie: "from%20shop%20b" });
    expect(writes(popup)).toEqual([]);
  });

  test("says so when there is none to fetch", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: fetch(uniqueName()) });
    await popup.click("#continue");
    await popup.waitForClose();
    await expectLast(shop, { type: "carryover:popup-done", hubCookie: null });
  });

  test("can be used with the keyboard alone", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(name, "typed") });
    const focused = () => popup.eval(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
    await popup.press("Tab");
    expect(await focused()).toBe("continue");
    await popup.press("Tab");
    expect(await focused()).toBe("forget");
    await popup.press("Tab");
    expect(await focused()).toBe("Privacy");

    const again = await openPopup(shop, { task: save(name, "typed") });
    await again.press("Tab");
    await again.press("Enter");
    await again.waitForClose();
    expect(await hubCookie(name)).toMatchObject({ value: "typed" });
  });

  test("says that it can be closed where the browser does not let it close itself", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: fetch(uniqueName()) });
    await popup.eval(() => {
      window.close = () => {};
    });
    await popup.click("#continue");
    await expectStatus(popup, "Done. You can close this window.");
    expect(await popup.eval(() => document.activeElement?.id)).toBe("status");
    expect(await popup.eval(() => document.querySelector("button:not([hidden])"))).toBeNull();
  });

  test("that cannot reach the hub says so, hands nothing back, and can be tried again", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(name, "stubborn") });
    world.setHub("refusing");
    await popup.click("#continue");
    await expectStatus(popup, "That did not work. Please try again.");
    expect(await heardBy(shop)).toEqual([{ type: "carryover:popup-ready" }]);

    world.setHub("up");
    await popup.click("#continue");
    await popup.waitForClose();
    await expectLast(shop, { type: "carryover:popup-done", hubCookie: "stubborn" });
  });

  test("does not say that a session is saved which the browser has not kept", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(uniqueName(), "dropped") });
    await popup.eval(() => {
      Object.defineProperty(document, "cookie", { get: () => "", set: () => {} });
    });
    await popup.click("#continue");
    await expectStatus(popup, "That did not work.");
    expect(await heardBy(shop)).toEqual([{ type: "carryover:popup-ready" }]);
  });

  test("writes once, however impatient the visitor", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(name, "once") });
    // Slow enough for a slow machine to click twice more meanwhile.
    world.setHub({ delayMs: 1000 });
    await popup.eval(() => {
      window.close = () => {};
    });
    await popup.click("#continue");
    expect(await status(popup)).toBe("One moment…");
    await popup.click("#continue");
    await popup.click("#forget");
    await expectStatus(popup, /^Done/, 15_000);
    expect(writes(popup)).toEqual([`PUT /t/acme/session/${name}`]);
  });

  test("forgets the chat that it is about, though the hub had never seen it, and tells the iframe", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { task: save(name, "regretted") });
    await popup.click("#forget");
    await expectStatus(popup, "The chat has been forgotten. You can close this window.");
    await expectLast(shop, {
      type: "carryover:popup-done",
      hubCookie: expect.stringMatching(/^:\d+$/),
    });
    expect(popup.isClosed()).toBe(false);
    expect((await hubCookie(name))?.value).toMatch(/^:\d+$/);
  });

  test("goes on without an iframe that never says what it wants", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await popup.click("#continue");
    expect(await status(popup)).toBe("One moment…");
    await popup.waitForClose(NO_TASK_WAIT);
    expect(await heardBy(shop)).toEqual([{ type: "carryover:popup-ready" }]);
  });

  test("on a shop that cuts windows off from each other (COOP), says at once that it can be closed", async () => {
    const shop = await browser.open(`${SHOP_A}/isolated`);
    const popup = await openPopup(shop, { task: save(uniqueName(), "out of reach") });
    expect(await popup.eval(() => window.opener)).toBeNull();
    await popup.click("#continue");
    await expectStatus(popup, "Done. You can close this window.", 1000);
    expect(await heardBy(shop)).toEqual([]);
  });

  test("serves the iframe first, even with a way back", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const path = `/t/acme/continue?return=${encodeURIComponent(`${SHOP_B}/`)}`;
    const popup = await openPopup(shop, { task: save(name, "both"), path });
    await popup.click("#continue");
    await popup.waitForClose();
    expect(await hubCookie(name)).toMatchObject({ value: "both" });
  });
});

describe("opened by somebody else", () => {
  /** A page that opens the continue page itself, and sends it whatever it likes. */
  async function openFrom(origin: string, task: unknown): Promise<{ opener: Page; popup: Page }> {
    const opener = await browser.open(`${origin}/`);
    await opener.eval(
      (url, task) => {
        heard = [];
        addEventListener("message", ({ origin, data }) => {
          if (origin === new URL(url).origin && data?.type !== "carryover:hello") heard.push(data);
        });
        document.getElementById("open")?.addEventListener("click", () => {
          const popup = window.open(url);
          for (const type of ["message", "load"]) addEventListener(type, () => popup?.postMessage(task, "*"));
          setInterval(() => popup?.postMessage(task, "*"), 20);
        });
      },
      CONTINUE_URL,
      task,
    );
    const popup = await opener.popup(() => opener.click("#open"));
    await popup.waitFor(isReady);
    return { opener, popup };
  }

  test.each([SHOP_A, "https://evil.test"])("%s hears nothing and has nothing done", async (origin) => {
    const name = uniqueName();
    await plantSession(name, "secret");
    for (const task of [fetch(name), save(name, "attacker's own")]) {
      const { opener, popup } = await openFrom(origin, task);
      await popup.click("#continue");
      await popup.waitForClose(NO_TASK_WAIT);
      expect(await opener.eval(() => heard)).toEqual([]);
      expect(writes(popup)).toEqual([]);
      await opener.close();
    }
    expect(await hubCookie(name)).toMatchObject({ value: "secret" });
  });

  test("another window of the hub than the opener cannot give it tasks", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    // From the page itself: the right origin, the wrong window.
    await popup.eval((task) => window.postMessage(task, location.origin), save(name, "not the opener's"));
    await popup.click("#continue");
    await popup.waitForClose(NO_TASK_WAIT);
    expect(writes(popup)).toEqual([]);
  });

  test("what is no task is passed over", async () => {
    const name = uniqueName();
    const shop = await browser.open(`${SHOP_A}/`);
    for (const task of [
      { ...save(name, "x"), name: "a;b" },
      { ...save(name, "x"), session: "a;b" },
      { ...save(name, "x"), session: undefined },
      { ...save(name, "x"), type: "carryover:popup-done" },
    ]) {
      const popup = await openPopup(shop, { task: task as PopupTask });
      await popup.click("#forget");
      await expectStatus(popup, /forgotten/);
      expect((await heardBy(shop)).length, JSON.stringify(task)).toBe(1);
      await popup.close();
    }
    expect(await hubCookie(name)).toBeUndefined();
  });

  test("nobody can frame it", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    await shop.eval((url) => {
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
    }, CONTINUE_URL);
    await expect
      .poll(() => problems(shop).join("\n"))
      .toMatch(/Framing 'https:\/\/hub\.test\/' violates.*frame-ancestors 'none'/);
  });
});

describe("as a full page", () => {
  test("Continue goes back to the shop, which learns the hub's origin and no more", async () => {
    const page = await browser.open(`${CONTINUE_URL}?return=${encodeURIComponent(`${SHOP_B}/cart?item=7#top`)}`);
    expect(await page.eval(() => document.querySelector("main")?.innerText)).toContain("Takes you back to shop-b.test");
    world.sites.clearLog();
    await page.click("#continue");
    await expect.poll(() => page.url()).toBe(`${SHOP_B}/cart?item=7#top`);
    expect(await page.eval(() => document.referrer)).toBe(`${HUB_ORIGIN}/`);
    expect(world.sites.log("shop-b.test")[0]).toMatchObject({
      path: "/cart?item=7",
      headers: { referer: `${HUB_ORIGIN}/` },
    });
  });

  test("without a way back, Continue says that all is done, and leaves the visitor's window open", async () => {
    const page = await browser.open(CONTINUE_URL);
    await page.waitFor(isReady);
    await page.click("#continue");
    await expectStatus(page, "Done. You can close this window.", 1000);
    expect(page.isClosed()).toBe(false);
    expect(problems(page)).toEqual([]);
  });

  test("Forget this chat leaves a tombstone for every session of the tenant, and of no other", async () => {
    const [first, second, foreign] = [uniqueName(), uniqueName(), uniqueName()];
    await plantSession(first, "1");
    await plantSession(second, "2");
    await plantSession(foreign, "3", "plain");
    const page = await browser.open(`${CONTINUE_URL}?return=${encodeURIComponent(SHOP_A)}`);
    await page.waitFor(isReady);
    expect(await page.eval(() => document.getElementById("status")?.getAttribute("role"))).toBe("status");
    await page.click("#forget");
    await expectStatus(page, "The chat has been forgotten.");
    expect((await hubCookie(first))?.value).toMatch(/^:\d+$/);
    expect((await hubCookie(second))?.value).toMatch(/^:\d+$/);
    expect(await hubCookie(foreign, "plain")).toMatchObject({ value: "3" });
    // The way back is still there.
    await page.click("#continue");
    await expect.poll(() => page.url()).toBe(`${SHOP_A}/`);
  });

  test("Forget this chat that fails says so, and can be tried again", async () => {
    const name = uniqueName();
    await plantSession(name, "sticky");
    const page = await browser.open(CONTINUE_URL);
    await page.waitFor(isReady);
    world.setHub("refusing");
    await page.click("#forget");
    await expectStatus(page, "That did not work. Please try again.");
    world.setHub("up");
    await page.click("#forget");
    await expectStatus(page, /forgotten/);
    expect((await hubCookie(name))?.value).toMatch(/^:\d+$/);
  });

  test("a bad way back leads nowhere", async () => {
    const page = await browser.open(`${CONTINUE_URL}?return=${encodeURIComponent("https://shop-a.test.evil.test/")}`);
    expect(await page.eval(() => document.querySelector("h1")?.textContent)).toBe("This link does not work");
    expect(await page.eval(() => document.querySelectorAll("a, button, form, script").length)).toBe(0);
  });

  test("explains itself without JavaScript", async () => {
    const page = await browser.open(`${SHOP_A}/`);
    const html = await fetchFromHub(`/t/acme/continue?return=${encodeURIComponent(`${SHOP_A}/cart`)}`, "en");
    // A sandboxed frame runs no scripts, and shows what <noscript> holds.
    await page.eval((html) => {
      const frame = document.createElement("iframe");
      frame.sandbox.add("allow-same-origin");
      frame.style.cssText = "width: 600px; height: 800px";
      frame.srcdoc = html;
      document.body.replaceChildren(frame);
    }, html);
    const text = await page.waitFor(
      () => document.querySelector("iframe")?.contentDocument?.querySelector("main")?.innerText,
    );
    expect(text).toContain("JavaScript is switched off in this browser.");
    expect(text).toContain("Continue");
    expect(text).not.toContain("Forget this chat");
    expect(
      await page.eval(
        () => document.querySelector("iframe")?.contentDocument?.querySelector<HTMLAnchorElement>("#continue")?.href,
      ),
    ).toBe(`${SHOP_A}/cart`);
  });
});

describe("axe finds nothing to complain about, and nothing is cut off,", () => {
  test.each([
    ["on the page", CONTINUE_URL, "ltr"],
    ["with a way back", `${CONTINUE_URL}?return=${encodeURIComponent(SHOP_A)}`, "ltr"],
    ["with a way back that is refused", `${CONTINUE_URL}?return=x`, "ltr"],
    ["without a brand", `${HUB_ORIGIN}/t/plain/continue`, "ltr"],
    ["with long names, and many", `${HUB_ORIGIN}/t/many/continue`, "ltr"],
    ["in Arabic", "https://mirror.test/arabic", "rtl"],
  ])("%s, light and dark, narrow and wide", async (_, url, direction) => {
    const page = await browser.open(url);
    expect(await page.eval(() => getComputedStyle(document.body).direction)).toBe(direction);
    await page.eval(() => {
      // The mirror has no script.
      document.documentElement.classList.add("scripted");
      for (const details of document.querySelectorAll("details")) details.open = true;
      const status = document.getElementById("status");
      if (status) status.textContent = "Done. You can close this window.";
    });
    await page.eval(`${axe.source}; undefined`);
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [320, 1000]) {
        await page.emulate({ width, height: 760, colorScheme, reducedMotion: true });
        expect(await violations(page), `${colorScheme}, ${width} px`).toEqual([]);
        expect(await page.eval(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
      }
    }
  });
});

function violations(page: Page): Promise<string[]> {
  return page.eval(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const results = await axe.run();
    return [...results.violations, ...results.incomplete.filter(({ id }) => id === "color-contrast")].map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
    );
  });
}

function fetchFromHub(path: string, language: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: world.hub.port,
      path,
      headers: { Host: "hub.test", "Accept-Language": language },
      // The certificate is the test's own.
      rejectUnauthorized: false,
    };
    request(options, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
      resolve(text);
    })
      .on("error", reject)
      .end();
  });
}
