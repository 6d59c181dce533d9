/** A code on its way out: the page's own listeners, timers and pings have the address as its author wrote it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import { type Browser, type Page, SHOP_A, SHOP_B, type World, shopPage, startWorld } from "./harness/index.ts";
import { BLOCKED, arrived, linkedShop, pause, putHtml, serveLinkedShops, startOnA } from "./linked-shops.ts";
import { closeTabs } from "./shop.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  serveLinkedShops(world, ["shop-a.test", "shop-b.test"]);
  world.sites.serve("shop-a.test", "/seen", shopPage());
});

afterAll(() => world?.close());

/** Analytics as pages have them: each reads where the link leads, at once and a little later, and keeps it. */
function watchLinks(page: Page): Promise<void> {
  return page.eval(() => {
    const report = (who: string) => {
      const way = document.querySelector<HTMLElement>("#over, form");
      const address = way?.getAttribute(way.localName === "form" ? "action" : "href");
      localStorage["seen"] += `${who}=${address}\n`;
    };
    Object.assign(window, { report });
    for (const node of [window, document, document.body, document.querySelector("#over, form")]) {
      for (const type of ["pointerdown", "mousedown", "click", "auxclick", "submit"]) {
        for (const isCapture of [true, false]) {
          node?.addEventListener(
            type,
            () => {
              report(type);
              setTimeout(report, 0, `${type}-timer`);
              queueMicrotask(() => report(`${type}-microtask`));
            },
            isCapture,
          );
        }
      }
    }
    for (const type of ["beforeunload", "pagehide", "visibilitychange"]) addEventListener(type, () => report(type));
  });
}

/** What they have kept, for the shop to read when the visitor is back. */
async function seen(page: Page): Promise<string[]> {
  await page.goto(`${SHOP_A}/seen`);
  return (await page.eval(() => String(localStorage["seen"]))).trim().split("\n");
}

/** Where listeners stop an event's way. */
const STOPS = [
  ["at the link, by stopPropagation", "#over", "stopPropagation", false],
  ["at the link, by stopImmediatePropagation", "#over", "stopImmediatePropagation", false],
  ["at the body, by stopPropagation", "body", "stopPropagation", false],
  ["on its way down, by stopPropagation", "body", "stopPropagation", true],
  ["at the window, by stopPropagation", "window", "stopPropagation", true],
  ["at the window, by stopImmediatePropagation", "window", "stopImmediatePropagation", true],
] as const;

describe.each(["chromium", "firefox", "webkit"] as const)("in %s", (engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`the address is its author's (${why ?? "had here"})`, () => {
    let browser: Browser;
    let page: Page;
    let name: string;

    beforeAll(async () => {
      browser = await world.launch(BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    afterEach(() => closeTabs(browser));

    /** A page of shop A with a chat and a way over to shop B. */
    async function start(html: (href: string) => string): Promise<string> {
      ({ page, name } = await startOnA(browser, "quiet"));
      const href = linkedShop(SHOP_B, { name, rest: "#section" });
      await putHtml(page, html(href.replaceAll("&", "&amp;").replaceAll('"', "&quot;")));
      await page.eval(() => (localStorage["seen"] = ""));
      world.sites.clearLog();
      return href;
    }

    async function expectNoCodes(href: string, ...whos: string[]): Promise<string[]> {
      const reports = await seen(page);
      expect(reports.map((report) => report.split("=")[0])).toEqual(expect.arrayContaining(whos));
      expect([...new Set(reports.map((report) => report.replace(/^[^=]*=/, "")))]).toEqual([href]);
      return reports;
    }

    test("for every listener of a click that carries the chat", async () => {
      const href = await start((href) => `<a id="over" href="${href}" onclick="report('inline')">Over</a>`);
      await watchLinks(page);
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("quiet");
      await expectNoCodes(href, "click", "inline", "click-microtask");
    });

    test("for one that opens a tab, also afterwards", async () => {
      const href = await start((href) => `<a id="over" target="_blank" href="${href}">Over</a>`);
      await watchLinks(page);
      const tab = await page.popup(() => page.click("#over"));
      expect(await arrived(tab, SHOP_B)).toBe("quiet");
      await expectNoCodes(href, "click", "click-timer");
    });

    test("for every listener of a form that carries the chat, each of which hears of it once", async () => {
      const href = await start((href) => `<form method="post" action="${href}"><button id="over">Send</button></form>`);
      await watchLinks(page);
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("quiet");
      const reports = await expectNoCodes(href, "submit", "submit-microtask");
      // Window, document, body and form, each on the event's way down and up.
      expect(reports.filter((report) => report.startsWith("submit="))).toHaveLength(8);
    });

    // All of them in one engine: events take their way alike in the others.
    test.each(engine === "chromium" ? STOPS : STOPS.slice(1, 2))(
      "where a listener stops the click %s",
      async (_, selector, method, isCapture) => {
        const href = await start((href) => `<a id="over" href="${href}">Over</a>`);
        await watchLinks(page);
        await page.eval(
          (selector, method, isCapture) => {
            const node = selector === "window" ? window : document.querySelector(selector);
            node?.addEventListener("click", (event) => event[method](), isCapture);
          },
          selector,
          method,
          isCapture,
        );
        await page.click("#over");
        expect(await arrived(page, SHOP_B)).toBe("quiet");
        await expectNoCodes(href);
      },
    );

    // Firefox sends none.
    test.each(engine === "firefox" ? [] : ["pings"])("for %s", async () => {
      await start((href) => `<a id="over" ping="/seen?ping" href="${href}">Over</a>`);
      // Long enough for the code to be ready, where the engine lets a test hold the button down.
      await page.click("#over", engine === "chromium" ? { holdMs: 200 } : {});
      expect(await arrived(page, SHOP_B)).toBe("quiet");
      expect(JSON.stringify(world.sites.log("shop-a.test"))).not.toContain("carryover");
    });

    test.each(engine === "chromium" ? ["elsewhere"] : [])(
      "where the page leads the click %s, which gets no code",
      async () => {
        await start((href) => `<a id="over" href="${href}">Over</a>`);
        await page.eval(() => {
          document.body.addEventListener("click", () => {
            document.getElementById("over")?.setAttribute("href", "/elsewhere#here");
          });
        });
        await page.click("#over");
        await page.waitFor(() => location.pathname === "/elsewhere");
        expect(await page.eval(() => location.hash)).toBe("#here");
      },
    );

    test("where listeners drop what no visitor has clicked", async () => {
      await start((href) => `<a id="over" href="${href}">Over</a>`);
      await page.eval(() => {
        for (const type of ["click", "submit"]) {
          addEventListener(
            type,
            (event) => {
              if (!event.isTrusted) event.preventDefault();
              if (!event.isTrusted) event.stopImmediatePropagation();
            },
            true,
          );
        }
      });
      await page.click("#over");
      expect(await arrived(page, SHOP_B)).toBe("quiet");
    });
  });
});

describe("a page that does things to its form or link", () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await world.launch(BLOCKED.chromium);
  });

  afterAll(() => browser?.close());

  afterEach(() => closeTabs(browser));

  async function start(html: string): Promise<void> {
    const { page: shop, name } = await startOnA(browser, "quiet");
    page = shop;
    await putHtml(page, html.replaceAll("HREF", linkedShop(SHOP_B, { name }).replaceAll("&", "&amp;")));
  }

  const FORM = `<form method="post" action="HREF"><fieldset><input name="q" value="tea" required></fieldset><button id="send" name="b" value="1">Send</button></form>`;

  test.each([
    ["replaces the button", () => document.getElementById("send")?.replaceWith("Sending")],
    ["removes the form", () => setTimeout(() => document.querySelector("form")?.remove())],
    ["empties a required field", () => setTimeout(() => document.querySelector("input")?.setAttribute("value", ""))],
    ["disables the fields", () => setTimeout(() => document.querySelector("fieldset")?.setAttribute("disabled", ""))],
    ["disables the button", () => setTimeout(() => document.getElementById("send")?.setAttribute("disabled", ""))],
    [
      "lets nothing be sent twice",
      () => {
        let isSent = false;
        addEventListener("submit", (event) => (isSent ? event.preventDefault() : (isSent = true)), true);
      },
    ],
  ])("and %s has all of it sent, with the chat", async (_, change) => {
    await start(FORM);
    await page.eval(`addEventListener("submit", ${String(change)}); 0`);
    await page.click("#send");
    expect(await arrived(page, SHOP_B)).toBe("quiet");
    expect(await page.eval(() => document.title)).toContain("q=tea&b=1");
  });

  test("and adds to it what it sends has that sent once, and sees no code by observing", async () => {
    await start(FORM);
    await page.eval(() => {
      localStorage["seen"] = "";
      const keep = (node: Node) => (localStorage["seen"] += node instanceof Element ? node.outerHTML : "");
      document.addEventListener("formdata", (event) => {
        event.formData.append("token", "t");
        if (event.target instanceof Element) keep(event.target);
      });
      new MutationObserver((records) => {
        for (const { target, addedNodes } of records) for (const node of [target, ...addedNodes]) keep(node);
      }).observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.click("#send");
    expect(await arrived(page, SHOP_B)).toBe("quiet");
    expect(await page.eval(() => document.title.match(/token=t/g))).toHaveLength(1);
    const observed = (await seen(page)).join("");
    expect(observed).toContain("<form");
    expect(observed).not.toContain("#carryover");
  });

  test("and makes up a submit event sends nothing", async () => {
    await start(FORM);
    await page.eval(() => {
      document.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    });
    await pause(page, 600);
    expect(await page.eval(() => location.origin)).toBe(SHOP_A);
  });

  test.each([
    ["a checkbox", `<a href="HREF"><input id="over" type="checkbox"></a>`],
    ["a label", `<a href="HREF"><label id="over">x<input type="checkbox"></label></a>`],
    ["a summary", `<a href="HREF"><details><summary id="over">More</summary>x</details></a>`],
    ["text that is being edited", `<div contenteditable><a id="over" href="HREF">Over</a></div>`],
  ])("and has %s in a link keeps the visitor, as without us", async (_, html) => {
    await start(html);
    await page.click("#over");
    await pause(page, 600);
    expect(await page.eval(() => location.origin)).toBe(SHOP_A);
  });

  test("and ends the chat between press and click sends none along", async () => {
    await start(`<a id="over" href="HREF">Over</a>`);
    await page.eval(() => {
      document
        .getElementById("over")
        ?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
    });
    await pause(page, 600);
    await page.eval(async () => {
      await provider.clearCookie();
      document.getElementById("over")?.focus();
    });
    await page.press("Enter");
    expect(await arrived(page, SHOP_B)).toBeNull();
  });
});
