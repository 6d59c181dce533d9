/** Chromium with third-party cookies blocked: the card, its click, and the popup, as a visitor goes through them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, type Page, SHOP_A, SHOP_B, type World, shopPage, startWorld } from "./harness/index.ts";
import {
  closeTabs,
  load,
  openShop,
  save,
  serveShops,
  shopUrl,
  startChat,
  status,
  uniqueName,
  visibleSessions,
} from "./shop.ts";

declare global {
  /** What the page's script does with its ports. */
  var orders: string[];
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
    },
  });
  serveShops(world, ["shop-a.test", "shop-b.test"]);
  browser = await world.launch({ policy: "block" });
});

afterAll(() => world?.close());

afterEach(() => closeTabs(browser));

/** The iframe's box on the page; `null` while it is hidden. */
function frameBox(page: Page): Promise<{ x: number; y: number; width: number; height: number } | null> {
  return page.eval(() => {
    const frame = [...document.querySelectorAll("iframe")].find(({ src }) => src.includes("/t/acme/iframe.html"));
    if (!frame || getComputedStyle(frame).display === "none") return null;
    const { x, y, width, height } = frame.getBoundingClientRect();
    return { x, y, width, height };
  });
}

async function expectCard(page: Page): Promise<void> {
  const hub = await page.frame();
  await hub.waitFor(() => document.querySelectorAll("button").length >= 2);
  await page.waitFor(() => {
    const frame = [...document.querySelectorAll("iframe")].find(({ src }) => src.includes("/t/acme/iframe.html"));
    return (frame?.getBoundingClientRect().height ?? 0) > 60;
  });
}

async function expectNoCard(page: Page): Promise<void> {
  await page.eval(() => new Promise((resolve) => setTimeout(resolve, 600)));
  expect(await frameBox(page)).toBeNull();
}

/** Goes from one shop to the other by a link, as visitors do. */
async function follow(page: Page, name: string, more: object = {}): Promise<void> {
  await page.eval(
    (href) => {
      const link = Object.assign(document.createElement("a"), { href, id: "over", textContent: "Our other shop" });
      document.body.prepend(link);
    },
    shopUrl(SHOP_B, { name, ...more }),
  );
  await page.click("#over");
  await page.waitFor(() => location.hostname === "shop-b.test" && typeof provider === "object");
}

describe("the card", () => {
  test("is not shown on a plain visit, nor on one from elsewhere", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await load(page);
    await expectNoCard(page);
    expect(page.requests.filter(({ url }) => url.includes("card"))).toEqual([]);
  });

  test("is shown when a session could not be saved, clear of the launcher's corner, without taking the focus", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    expect(await save(page)).toBe(false);
    await expectCard(page);
    const box = await frameBox(page);
    const { width, height } = await page.eval(() => ({ width: innerWidth, height: innerHeight }));
    expect(box?.width).toBeLessThanOrEqual(360);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height - 96);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await page.eval(() => document.activeElement === document.body)).toBe(true);
    expect(page.consoleMessages.filter(({ type }) => type === "error" || type === "exception")).toEqual([]);
  });

  test("is shown when the visitor comes from another trusted domain", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await follow(page, name);
    expect(await load(page)).toBeNull();
    await expectCard(page);
  });

  test("is not shown to a visitor who comes from a site that is not trusted", async () => {
    const name = uniqueName();
    world.sites.serve("elsewhere.test", "/", shopPage());
    const page = await browser.open("https://elsewhere.test/");
    await follow(page, name);
    expect(await load(page)).toBeNull();
    await expectNoCard(page);
  });

  test("goes away with Not now, and stays away for the tab", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    await save(page);
    await expectCard(page);
    const hub = await page.frame();
    const notNow = await hub.eval(() => {
      const buttons = [...document.querySelectorAll("button")];
      const found = buttons.find(({ textContent }) => textContent === "Not now");
      found?.setAttribute("id", "not-now");
      return found !== undefined;
    });
    expect(notNow).toBe(true);
    await page.frameClick("#not-now");
    await page.waitFor(() => getComputedStyle(document.querySelector("iframe") as Element).display === "none");
    await save(page);
    await expectNoCard(page);
    await page.reload();
    await save(page);
    await expectNoCard(page);
  });

  test("is the page's to show and hide with card: manual, and never shown with off", async () => {
    const name = uniqueName();
    const manual = await openShop(browser, SHOP_A, { name, options: { card: "manual" } });
    await startChat(manual, name, "v");
    await save(manual);
    await expectNoCard(manual);
    await manual.eval(() => provider.showCard());
    await expectCard(manual);
    await manual.eval(() => provider.hideCard());
    await manual.waitFor(() => getComputedStyle(document.querySelector("iframe") as Element).display === "none");

    const off = await openShop(browser, SHOP_A, { name, options: { card: "off" } });
    await save(off);
    await off.eval(() => provider.showCard());
    await expectNoCard(off);
  });

  test("is not shown for a wrong `card`, which harms nothing else", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name, options: { card: null, locale: 7 } });
    await startChat(page, name, "v");
    expect(await load(page)).toBe("v");
    await save(page);
    await expectNoCard(page);
    expect((await status(page)).access).toBe("promptable");
  });

  test("speaks the language that the page asks for", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name, options: { locale: "ar" } });
    await startChat(page, name, "v");
    await save(page);
    await expectCard(page);
    expect(await page.frameEval(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
      "ar",
      "rtl",
    ]);
  });
});

describe("the click", () => {
  /** Clicks the card's first button once it says something else than `before`, and resolves with what it said. */
  async function clickPrimary(page: Page, before = ""): Promise<string> {
    const hub = await page.frame();
    const label = await hub.waitFor(
      `{ const button = document.querySelector("button:not(:disabled)"); button.id = "primary"; button.textContent !== ${JSON.stringify(before)} && button.textContent }`,
    );
    await page.frameClick("#primary");
    return String(label);
  }

  test("that the browser refuses leads to the popup: two clicks bring a session to the hub, and two fetch it", async () => {
    const name = uniqueName();
    // Without the help of links, which need no click.
    const options = { handoff: false };
    const page = await openShop(browser, SHOP_A, { name, options });
    await startChat(page, name, "live on a");
    expect(await save(page)).toBe(false);
    await expectCard(page);
    const label = await clickPrimary(page);
    expect(label).toBe("Continue");
    // Chromium takes the click with its refusal; the second one opens the popup, which does the rest by itself.
    const popup = await page.popup(() => clickPrimary(page, label));
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
    await popup.waitForClose();
    await page.waitFor(() => getComputedStyle(document.querySelector("iframe") as Element).display === "none");
    expect((await browser.cookies()).find((cookie) => cookie.name === `__Host-acme.${name}`)?.value).toBe(
      "live%20on%20a",
    );
    // A save of the same session is done already, and on the next view there is nothing to ask for either.
    expect(await save(page)).toBe(true);
    await page.reload();
    expect(await load(page)).toBe("live on a");
    await save(page);
    await expectNoCard(page);

    await follow(page, name, { options });
    expect(await load(page)).toBeNull();
    await expectCard(page);
    const again = await clickPrimary(page);
    const second = await page.popup(() => clickPrimary(page, again));
    await page.waitFor(() => events.some(({ type }) => type === "session"));
    await second.waitForClose();
    expect(await visibleSessions(page, name)).toEqual(["live on a"]);
    expect((await status(page)).access).not.toBe("granted");
  });

  test("that Safari answers with NoModificationAllowedError loads the frame anew, and the page goes on with it", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    await save(page);
    await expectCard(page);
    const hub = await page.frame();
    // Chromium never says so: the document's own function is put in its place.
    await hub.eval(() => {
      document.requestStorageAccess = () => Promise.reject(new DOMException("", "NoModificationAllowedError"));
      document.documentElement.dataset["old"] = "yes";
    });
    await page.eval(() => {
      globalThis.orders = [];
      const { postMessage, close } = MessagePort.prototype;
      MessagePort.prototype.postMessage = function (message: { type: string }) {
        orders.push(message.type);
        postMessage.call(this, message);
      };
      MessagePort.prototype.close = function () {
        orders.push("closed");
        close.call(this);
      };
    });
    await clickPrimary(page);
    await hub.waitFor(() => document.readyState === "complete" && !("old" in document.documentElement.dataset));
    // It is the new document that is asked, not the one that is gone.
    await page.waitFor(() => orders.includes("load") && orders.includes("closed"));
    expect(await page.eval(() => orders.filter((order) => order === "closed" || order === "load"))).toEqual([
      "closed",
      "load",
    ]);
    expect(await save(page)).toBe(false);
    await expectCard(page);
    // Chromium's own function is back with the new document: it refuses, and the popup saves the session.
    const label = await clickPrimary(page);
    const popup = await page.popup(() => clickPrimary(page, label));
    await page.waitFor(() => events.some(({ type }) => type === "saved"));
    await popup.waitForClose();
    expect((await browser.cookies()).find((cookie) => cookie.name === `__Host-acme.${name}`)?.value).toBe("v");
    expect(await save(page)).toBe(true);
  });

  test("on a prompt that nobody answers leaves the card usable", async () => {
    const name = uniqueName();
    const page = await openShop(browser, SHOP_A, { name });
    await startChat(page, name, "v");
    await save(page);
    await expectCard(page);
    const hub = await page.frame();
    await hub.eval(() => {
      document.requestStorageAccess = () => new Promise(() => {});
    });
    await clickPrimary(page);
    // Nothing of the page waits for it either.
    expect(await load(page)).toBe("v");
    await hub.waitFor(() => document.querySelector("button")?.textContent?.startsWith("Open"), { timeoutMs: 20_000 });
  });
});
