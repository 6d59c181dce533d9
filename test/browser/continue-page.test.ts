/**
 * The continue page as a visitor meets it, third-party cookies blocked: as a popup of the hub's iframe on a shop, and as a
 * full page on the way from one shop to the next.
 */
import { request } from "node:https";
import axe from "axe-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../protocol/digest.ts";
import { type PopupSubject, type PopupTask, popupFragment } from "../../protocol/popup-messages.ts";
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
import { IFRAME_URL, closeTabs, tombstoneOf, uniqueName } from "./shop.ts";

const CONTINUE_URL = `${HUB_ORIGIN}/t/acme/continue`;
/** The page waits three seconds for a task. */
const NO_TASK_WAIT = { timeoutMs: 8000 };

declare global {
  var heard: unknown[];
  /** The iframe's popup. */
  var opened: Window | null;
}

let world: World;
let browser: Browser;
let subject: PopupSubject;

beforeEach(() => {
  subject = { tenant: "acme", name: uniqueName(), nonce: "n0-nce" };
});

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
  await closeTabs(browser);
});

type Opening = { readonly task?: PopupTask; readonly path?: string };

/**
 * Opens the continue page as the hub's iframe does: by a click inside it. The iframe's part is played here; the window, its
 * origin and its place on the shop's page are the real ones.
 *
 * @param task what the iframe answers with; with none, it is given later (`give`)
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
        opened = window.open(path, "", "popup,width=480,height=640");
        addEventListener("message", ({ source, origin, data }) => {
          if (source !== opened || origin !== location.origin) return;
          heard.push(data);
          if (task && data.type === "carryover:popup-ready") opened?.postMessage(task, location.origin);
        });
      });
      document.body.replaceChildren(button);
    },
    task ?? null,
    path + popupFragment(task ?? subject),
  );
  const popup = await shop.popup(() => frame.click("#open"));
  await popup.waitFor(isReady);
  return popup;
}

/** The iframe gives its popup a task, within the three seconds that it waits. */
async function give(shop: Page, task: PopupTask): Promise<void> {
  await (await shop.frame()).eval((task) => opened?.postMessage(task, location.origin), task);
}

/** A popup that stays for a test to look at: it would close itself as soon as it is done. */
async function openStaying(shop: Page, task: PopupTask, path?: string): Promise<Page> {
  const popup = await openPopup(shop, { ...(path !== undefined && { path }) });
  await popup.eval(() => {
    window.close = () => {};
  });
  await give(shop, task);
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

function save(session: string): PopupTask {
  return { type: "carryover:popup-task", ...subject, session, base: "" };
}

function fetch(): PopupTask {
  return { type: "carryover:popup-task", ...subject, session: null, base: "" };
}

function ready(): unknown {
  return { type: "carryover:popup-ready", ...subject };
}

function done(hubCookie: unknown): unknown {
  return { type: "carryover:popup-done", ...subject, hubCookie };
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

/** Until a click is the visitor's own: one that comes as the window does may have been meant for another. */
function settle(page: Page): Promise<void> {
  return page.eval(() => new Promise((resolve) => setTimeout(resolve, 600)));
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
    const { name } = subject;
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await expectLast(shop, ready());
    // Nothing before it knows what for.
    expect(writes(popup)).toEqual([]);

    await give(shop, save(session));
    await popup.waitForClose();
    await expectLast(shop, done(raw));
    expect(await heardBy(shop)).toHaveLength(2);
    expect(writes(popup)).toEqual([`PUT /t/acme/session/${name}`]);
    expect(problems(popup)).toEqual([]);
    expect(await hubCookie(name)).toMatchObject({ value: raw, domain: "hub.test", secure: true, sameSite: "None" });
    expect((await hubCookie(name))?.partition).toBeUndefined();
  });

  test("fetches the session that another site has left, without writing anything", async () => {
    await plantSession(subject.name, "from shop b");
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await give(shop, fetch());
    await popup.waitForClose();
    await expectLast(shop, done("from%20shop%20b"));
    expect(writes(popup)).toEqual([]);
  });

  test("says so when there is none to fetch", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await give(shop, fetch());
    await popup.waitForClose();
    await expectLast(shop, done(null));
  });

  test("says that it can be closed where the browser does not let it close itself", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openStaying(shop, fetch());
    await expectStatus(popup, "Done. You can close this window.");
    expect(await popup.eval(() => document.activeElement?.id)).toBe("status");
    expect(await popup.eval(() => document.querySelector("button:not([hidden])"))).toBeNull();
  });

  test("that cannot reach the hub says so, hands nothing back, and can be tried again, by keyboard too", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    world.setHub("refusing");
    await give(shop, save("stubborn"));
    await expectStatus(popup, "That did not work. Please try again.");
    expect(await heardBy(shop)).toEqual([ready()]);

    world.setHub("up");
    const focused = () => popup.eval(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
    const order: unknown[] = [];
    for (let presses = 0; presses < 3; presses++) {
      await popup.press("Tab");
      order.push(await focused());
    }
    expect(order).toEqual(["continue", "forget", "Privacy"]);
    await popup.eval(() => document.getElementById("continue")?.focus());
    await popup.press("Enter");
    await popup.waitForClose();
    await expectLast(shop, done("stubborn"));
  });

  test("does not say that a session is saved which the browser has not kept", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await popup.eval(() => {
      Object.defineProperty(document, "cookie", { get: () => "", set: () => {} });
    });
    await give(shop, save("dropped"));
    await expectStatus(popup, "That did not work.");
    expect(await heardBy(shop)).toEqual([ready()]);
  });

  test("writes once, however impatient the visitor", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    // Slow enough for a slow machine to click twice meanwhile.
    const popup = await openPopup(shop, {});
    await popup.eval(() => {
      window.close = () => {};
    });
    world.setHub({ delayMs: 1000 });
    await give(shop, save("once"));
    await expectStatus(popup, "One moment…");
    await popup.click("#continue");
    await popup.click("#forget");
    await expectStatus(popup, /^Done/, 15_000);
    expect(writes(popup)).toEqual([`PUT /t/acme/session/${subject.name}`]);
  });

  test("forgets the chat that it is about, though the hub had never seen it, and tells the iframe", async () => {
    const { name } = subject;
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    world.setHub("refusing");
    await give(shop, save("regretted"));
    await expectStatus(popup, "That did not work.");
    world.setHub("up");
    await settle(popup);
    await popup.click("#forget");
    await expectStatus(popup, "The chat has been forgotten. You can close this window.");
    // It names the chat that has ended.
    const tombstone = new RegExp(`^:\\d+:${digestOf("regretted")}$`);
    await expectLast(shop, done(expect.stringMatching(tombstone)));
    expect(popup.isClosed()).toBe(false);
    expect((await hubCookie(name))?.value).toMatch(tombstone);
  });

  test("goes on without an iframe that never says what it wants", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    await popup.click("#continue");
    expect(await status(popup)).toBe("One moment…");
    await popup.waitForClose(NO_TASK_WAIT);
    expect(await heardBy(shop)).toEqual([ready()]);
  });

  test("on a shop that cuts windows off from each other (COOP), closes at once", async () => {
    const shop = await browser.open(`${SHOP_A}/isolated`);
    const frame = await shop.frame();
    await frame.waitFor(() => document.readyState === "complete");
    await frame.eval(
      (url) => {
        const button = Object.assign(document.createElement("button"), { id: "open", textContent: "Open" });
        button.addEventListener("click", () => window.open(url, "", "popup,width=480,height=640"));
        document.body.replaceChildren(button);
      },
      `${CONTINUE_URL}${popupFragment(subject)}`,
    );
    const popup = await shop.popup(() => frame.click("#open"));
    await popup.waitForClose();
    expect(shop.isClosed()).toBe(false);
  });

  test("serves the iframe first, even with a way back", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { path: `/t/acme/continue?return=${encodeURIComponent(`${SHOP_B}/`)}` });
    await give(shop, save("both"));
    await popup.waitForClose();
    expect(await hubCookie(subject.name)).toMatchObject({ value: "both" });
  });
});

describe("opened by somebody else", () => {
  /** A page that opens the continue page itself, and sends it whatever it likes. */
  async function openFrom(origin: string, tasks: readonly PopupTask[]): Promise<{ opener: Page; popup: Page }> {
    const opener = await browser.open(`${origin}/`);
    await opener.eval(
      (url, tasks) => {
        heard = [];
        addEventListener("message", ({ origin, data }) => {
          if (origin === new URL(url).origin && data?.type !== "carryover:hello") heard.push(data);
        });
        document.getElementById("open")?.addEventListener("click", () => {
          const popup = window.open(url);
          const send = () => tasks.forEach((task) => popup?.postMessage(task, "*"));
          for (const type of ["message", "load"]) addEventListener(type, send);
          setInterval(send, 20);
        });
      },
      CONTINUE_URL + popupFragment(subject),
      tasks,
    );
    const popup = await opener.popup(() => opener.click("#open"));
    await popup.waitFor(isReady);
    return { opener, popup };
  }

  test.each([SHOP_A, "https://evil.test"])("%s hears nothing and has nothing done", async (origin) => {
    const { name } = subject;
    await plantSession(name, "secret");
    const { opener, popup } = await openFrom(origin, [fetch(), save("attacker's own")]);
    await popup.click("#continue");
    await popup.waitForClose(NO_TASK_WAIT);
    expect(await opener.eval(() => heard)).toEqual([]);
    expect(writes(popup)).toEqual([]);
    expect(await hubCookie(name)).toMatchObject({ value: "secret" });
  });

  test("another window of the hub than the opener cannot give it tasks", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    // From the page itself: the right origin, the wrong window.
    await popup.eval((task) => window.postMessage(task, location.origin), save("not the opener's"));
    await popup.click("#continue");
    await popup.waitForClose(NO_TASK_WAIT);
    expect(writes(popup)).toEqual([]);
  });

  test("a window that the iframe has not given a nonce takes no task from it", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, { path: "/t/acme/continue#" });
    await give(shop, save("no nonce"));
    await popup.click("#continue");
    await expectStatus(popup, "Done.");
    expect(writes(popup)).toEqual([]);
    expect(await heardBy(shop)).toEqual([]);
  });

  test("what is no task, or another's, is passed over", async () => {
    const shop = await browser.open(`${SHOP_A}/`);
    const popup = await openPopup(shop, {});
    for (const wrong of [
      { name: "another" },
      { tenant: "plain" },
      { nonce: "another" },
      { session: "a;b" },
      { session: undefined },
      { type: "carryover:popup-done" },
    ]) {
      await give(shop, { ...save("x"), ...wrong } as PopupTask);
    }
    // Messages keep their order: any of those would have come to something before this one.
    await give(shop, save("right"));
    await popup.waitForClose();
    expect(await heardBy(shop)).toEqual([ready(), done("right")]);
    expect(writes(popup)).toEqual([`PUT /t/acme/session/${subject.name}`]);
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
    await settle(page);
    await page.click("#forget");
    await expectStatus(page, "The chat has been forgotten.");
    expect((await hubCookie(first))?.value).toMatch(tombstoneOf("1"));
    expect((await hubCookie(second))?.value).toMatch(tombstoneOf("2"));
    expect(await hubCookie(foreign, "plain")).toMatchObject({ value: "3" });
    // The way back is still there.
    await page.click("#continue");
    await expect.poll(() => page.url()).toBe(`${SHOP_A}/`);
  });

  test("a click that was meant for another window does not forget the chat", async () => {
    const name = uniqueName();
    await plantSession(name, "kept");
    const page = await browser.open(CONTINUE_URL);
    await page.waitFor(isReady);
    // As a page does that brings this one under the second click of a double click.
    await settle(page);
    await page.eval(() => {
      dispatchEvent(new Event("focus"));
      document.getElementById("forget")?.click();
    });
    expect(await status(page)).toBe("");
    expect(await hubCookie(name)).toMatchObject({ value: "kept" });
    await settle(page);
    await page.click("#forget");
    await expectStatus(page, /forgotten/);
  });

  test("Forget this chat that fails says so, and can be tried again", async () => {
    const name = uniqueName();
    await plantSession(name, "sticky");
    const page = await browser.open(CONTINUE_URL);
    await page.waitFor(isReady);
    world.setHub("refusing");
    await settle(page);
    await page.click("#forget");
    await expectStatus(page, "That did not work. Please try again.");
    world.setHub("up");
    await page.click("#forget");
    await expectStatus(page, /forgotten/);
    expect((await hubCookie(name))?.value).toMatch(tombstoneOf("sticky"));
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
