/** The card by itself, in a frame on another site as the hub's iframe is, under the hub's content security policy. */
import path from "node:path";
import axe from "axe-core";
import * as esbuild from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Card, CardOptions } from "../../client/card/card.ts";
import { chooseLanguage } from "../../client/card/choose-language.ts";
import { TEXTS, type Language } from "../../client/card/texts.ts";
import {
  HUB_ORIGIN,
  SHOP_A,
  shopPage,
  startSmallWorld,
  type Browser,
  type Emulation,
  type Frame,
  type Page,
  type SmallWorld,
} from "./harness/index.ts";
import { closeTabs } from "./shop.ts";

const CSP =
  "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const LANGUAGES = Object.keys(TEXTS) as Language[];
const NARROW = 320;

/** What the frame's page leaves for the test. */
type Shown = typeof globalThis & {
  show(options: Partial<CardOptions>): void;
  card: Card;
  calls: { name: string; isActive: boolean; event: string | undefined }[];
  heights: number[];
};

const FRAME_SCRIPT = `
  import { openCard } from "./card.mjs";
  globalThis.calls = [];
  globalThis.heights = [];
  const note = (name) => () => calls.push({ name, isActive: navigator.userActivation.isActive, event: window.event?.type });
  globalThis.show = (options) => {
    globalThis.card = openCard({
      purpose: "save", locale: "en", displayName: "Acme", accentColor: undefined, privacyUrl: "${SHOP_A}/privacy", ...options,
      onContinue: note("continue"), onDismiss: note("dismiss"), onOpenPopup: note("popup"),
      onResize(height) { heights.push(height); parent.postMessage(height, "*"); },
    });
  };`;

let world: SmallWorld;
let browser: Browser;

beforeAll(async () => {
  world = await startSmallWorld();
  const javascript = { "content-type": "text/javascript" };
  world.sites.serve("hub.test", "/card.mjs", { headers: javascript, body: await bundledCard() });
  world.sites.serve("hub.test", "/frame.mjs", { headers: javascript, body: FRAME_SCRIPT });
  world.sites.serve("hub.test", "/frame", {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": CSP },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Carryover</title></head><body><script type="module" src="/frame.mjs"></script></body></html>`,
  });
  world.sites.serve(
    "shop-a.test",
    "/",
    shopPage({
      body: `<label>Search <input id="search"></label>
        <iframe title="Your chat" src="${HUB_ORIGIN}/frame" allow="storage-access"
          style="position:fixed;left:16px;bottom:0;border:0;color-scheme:light dark;visibility:hidden;width:0;height:0"></iframe>
        <script>
          addEventListener("message", ({ data }) => {
            const { style } = document.querySelector("iframe");
            style.visibility = "visible";
            style.width = "min(360px, 100vw - 32px)";
            style.height = data + "px";
          });
        </script>`,
    }),
  );
  world.sites.serve("shop-a.test", "/privacy", shopPage({ title: "Privacy" }));
  browser = await world.launch({ policy: "allow" });
});

afterAll(() => world?.close());

/** A shop with the card on it, in the room that it asked for. */
async function show(options: Partial<CardOptions> = {}, wishes: Emulation = {}): Promise<{ page: Page; frame: Frame }> {
  const page = await browser.open(`${SHOP_A}/`);
  await page.emulate({ width: 800, height: 700, reducedMotion: true, colorScheme: "light", ...wishes });
  const frame = await page.frame();
  await frame.waitFor(`typeof show === "function"`);
  await reveal(frame, options);
  return { page, frame };
}

async function reveal(frame: Frame, options: Partial<CardOptions>): Promise<void> {
  await frame.eval((options) => (globalThis as Shown).show(options), options);
  await frame.waitFor(`innerWidth > 0 && innerHeight === heights.at(-1)`);
}

const texts = (frame: Frame): Promise<string[]> =>
  frame.eval(() => Array.from(document.querySelectorAll("p, button, a"), (element) => element.textContent ?? ""));

const calls = (frame: Frame) => frame.eval(() => (globalThis as Shown).calls);

const focused = (frame: Frame): Promise<string> => frame.eval(() => document.activeElement?.textContent ?? "");

/** What does not fit: into the frame, or into its own box. */
function overflows(frame: Frame): Promise<string[]> {
  return frame.eval(() => {
    const root = document.documentElement;
    const inner = Array.from(document.querySelectorAll("section, section *"));
    return [
      ...(root.scrollWidth > innerWidth ? [`the frame by ${root.scrollWidth - innerWidth} px across`] : []),
      ...(root.scrollHeight > innerHeight ? [`the frame by ${root.scrollHeight - innerHeight} px down`] : []),
      ...inner
        .filter((one) => getComputedStyle(one).display !== "inline" && one.scrollWidth > one.clientWidth + 1)
        .map((one) => `<${one.localName}> ${one.textContent}`),
    ];
  });
}

async function loadAxe({ page, frame }: { page: Page; frame: Frame }): Promise<void> {
  const source = `${axe.source}; axe.configure({ allowedOrigins: ["<unsafe_all_origins>"] }); undefined`;
  await page.eval(source);
  await frame.eval(source);
}

function violations(page: Page): Promise<string[]> {
  return page.eval(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations, incomplete, passes } = await axe.run();
    const inFrame = passes.flatMap(({ nodes }) => nodes).filter(({ target }) => target.length > 1);
    if (inFrame.length === 0) return ["axe did not look into the frame"];
    // What it cannot decide counts too, but for ways to skip parts of a page: the card is short.
    return [...violations, ...incomplete.filter(({ id }) => id !== "bypass")].map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, any }) => `${target.join(" ")} (${any.map(({ message }) => message).join(" ")})`).join(", ")}`,
    );
  });
}

async function bundledCard(): Promise<Uint8Array> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(import.meta.dirname, "../../client/card/card.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "safari16.4"],
    charset: "utf8",
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"; // 80 characters

describe.each(LANGUAGES)("in %s", (language) => {
  let page: Page;
  let frame: Frame;

  beforeAll(async () => {
    ({ page, frame } = await show({ locale: language }));
  });

  afterAll(() => closeTabs(browser));

  async function showAgain(options: Partial<CardOptions>): Promise<void> {
    await frame.eval(() => {
      document.documentElement.style.fontSize = "";
      (globalThis as Shown).card.remove();
    });
    await reveal(frame, { locale: language, ...options });
  }

  test("language and direction are the document's", async () => {
    const root = await frame.eval(() => {
      const { lang, dir } = document.documentElement;
      const { left, right } = document.querySelector("button")!.getBoundingClientRect();
      return { lang, dir, startsAt: left < innerWidth - right ? "left" : "right" };
    });
    expect(root).toEqual(
      language === "ar"
        ? { lang: "ar", dir: "rtl", startsAt: "right" }
        : { lang: language, dir: "ltr", startsAt: "left" },
    );
    expect((await texts(frame)).slice(1)).toEqual([TEXTS[language].yes, TEXTS[language].no, TEXTS[language].privacy]);
  });

  test("every text fits on a phone of 320 px, with and without a name, also at twice the text size", async () => {
    await page.emulate({ width: NARROW });
    await frame.waitFor(() => innerWidth === 288);
    for (const displayName of ["", "Acme", LONG_NAME]) {
      for (const purpose of ["save", "continue"] as const) {
        await showAgain({ purpose, displayName });
        for (const size of ["100%", "200%"]) {
          await frame.eval((size) => {
            document.documentElement.style.fontSize = size;
          }, size);
          await expect.poll(() => overflows(frame), { message: `${purpose}, ${displayName}, ${size}` }).toEqual([]);
        }
        await frame.eval(() => (globalThis as Shown).card.offerPopup());
        await expect.poll(() => overflows(frame), { message: `popup, ${displayName}, 200%` }).toEqual([]);
      }
    }
    expect(page.consoleMessages).toEqual([]);
  });

  test("axe finds nothing there, in any state", async () => {
    await page.emulate({ width: NARROW });
    await showAgain({ accentColor: "#ffe14d" });
    await loadAxe({ page, frame });
    // Colours are the same in every language.
    const schemes = language === "en" ? (["dark", "light"] as const) : (["light"] as const);
    for (const colorScheme of schemes) {
      await page.emulate({ colorScheme });
      expect(await violations(page), `${colorScheme}, asking`).toEqual([]);
    }
    await frame.eval(() => (globalThis as Shown).card.busy());
    expect(await violations(page), "waiting").toEqual([]);
    await frame.eval(() => (globalThis as Shown).card.offerPopup());
    expect(await violations(page), "popup").toEqual([]);
  });
});

describe("the card", () => {
  afterEach(() => closeTabs(browser));

  test("says who asks, and what for", async () => {
    const { frame } = await show();
    expect(await texts(frame)).toEqual([
      "Keep this chat going on Acme’s other websites?",
      "Continue",
      "Not now",
      "Privacy",
    ]);
    expect(await frame.eval(() => document.querySelector("p bdi")?.textContent)).toBe("Acme");
    const other = await show({ purpose: "continue", displayName: "", privacyUrl: "" });
    expect(await texts(other.frame)).toEqual([
      "Were you chatting with us on another website? You can continue here.",
      "Continue",
      "Not now",
    ]);
  });

  test("shows a name as text, whatever is in it", async () => {
    const displayName = `<img src=x onerror=alert(1)> % [a|b] $1`;
    const { page, frame } = await show({ displayName });
    expect((await texts(frame))[0]).toBe(`Keep this chat going on ${displayName}’s other websites?`);
    expect(page.consoleMessages).toEqual([]);
  });

  test("speaks the visitor's language where the page has no wish", async () => {
    const { frame } = await show({ locale: "" });
    const preferred = await frame.eval(() => [...navigator.languages]);
    expect(await frame.eval(() => document.documentElement.lang)).toBe(chooseLanguage("", preferred));
  });

  test("is a region named by its sentence, which is announced politely", async () => {
    const { frame } = await show();
    const region = await frame.eval(() => {
      const section = document.querySelector("section");
      const label = document.getElementById(section?.getAttribute("aria-labelledby") ?? "");
      return { text: label?.textContent, role: label?.getAttribute("role") };
    });
    expect(region).toEqual({ text: "Keep this chat going on Acme’s other websites?", role: "status" });
    // Read out as a change: screen readers say nothing of a live region's first words.
    await frame.eval(() => {
      (globalThis as Shown).card.remove();
      (globalThis as Shown).show({});
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => seen.push(document.querySelector("p")?.textContent ?? "")).observe(
        document.querySelector("p")!,
        { childList: true },
      );
    });
    await frame.waitFor("seen.length > 0");
    expect(await frame.eval("seen")).toEqual(["Keep this chat going on Acme’s other websites?"]);
  });

  test("stands in a transparent frame, in the visitor's colours", async () => {
    const { page, frame } = await show();
    const look = () =>
      frame.eval(() => {
        const color = (selector: string) => getComputedStyle(document.querySelector(selector)!).backgroundColor;
        return [color(":root"), color("body"), color(".card")];
      });
    expect(await look()).toEqual(["rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"]);
    await page.emulate({ colorScheme: "dark" });
    expect(await look()).toEqual(["rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)", "rgb(36, 39, 46)"]);
  });

  test("wears the brand's colour, or its nearest readable shade", async () => {
    const colors = async (accentColor: string, colorScheme: "light" | "dark") => {
      const { frame } = await show({ accentColor }, { colorScheme });
      return frame.eval(() => {
        const { backgroundColor, color } = getComputedStyle(document.querySelector("button")!);
        return [backgroundColor, color];
      });
    };
    expect(await colors("#0a7d55", "light")).toEqual(["rgb(10, 125, 85)", "rgb(255, 255, 255)"]);
    expect(await colors("#ffe14d", "dark")).toEqual(["rgb(255, 225, 77)", "rgb(0, 0, 0)"]);
    expect(await colors("#ffe14d", "light")).not.toContain("rgb(255, 225, 77)");
  });

  test("gives fingers 44 px", async () => {
    const { frame } = await show();
    const heights = await frame.eval(() =>
      Array.from(document.querySelectorAll("button, a"), (target) => target.getBoundingClientRect().height),
    );
    expect(heights).toHaveLength(3);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  });

  test("moves only for visitors who do not mind", async () => {
    const animations = (frame: Frame) => frame.eval(() => document.querySelector(".card")?.getAnimations().length);
    const { frame } = await show();
    expect(await animations(frame)).toBe(0);
    const name = await frame.eval(() => getComputedStyle(document.querySelector(".card")!).animationName);
    expect(name).toBe("none");
    const moving = await show({}, { reducedMotion: false });
    expect(await moving.frame.eval(() => getComputedStyle(document.querySelector(".card")!).animationName)).toBe(
      "arrive",
    );
    await expect.poll(() => animations(moving.frame)).toBe(0);
  });
});

describe("the page around", () => {
  afterEach(() => closeTabs(browser));

  test("keeps the focus, and what is being typed", async () => {
    const page = await browser.open(`${SHOP_A}/`);
    await page.click("#search");
    const frame = await page.frame();
    await frame.waitFor(`typeof show === "function"`);
    await reveal(frame, {});
    expect(await page.eval(() => document.activeElement?.id)).toBe("search");
    await frame.eval(() => {
      (globalThis as Shown).card.busy();
      (globalThis as Shown).card.offerPopup();
      (globalThis as Shown).card.remove();
    });
    expect(await page.eval(() => document.activeElement?.id)).toBe("search");
    expect(await frame.eval(() => document.hasFocus())).toBe(false);
  });

  test("hears the height at once, though the frame has no room yet, and whenever it changes", async () => {
    const page = await browser.open(`${SHOP_A}/`);
    const frame = await page.frame();
    await frame.waitFor(`typeof show === "function"`);
    const first = await frame.eval(() => {
      (globalThis as Shown).show({});
      return [...(globalThis as Shown).heights];
    });
    expect(first).toHaveLength(1);
    // A guess for a narrow frame: never so far off that the page would jump.
    expect(first[0]).toBeGreaterThan(100);
    expect(first[0]).toBeLessThan(320);
    // The page's answer to the first guess makes the frame wide at once, and the right height follows.
    const settled = await frame.waitFor(() => {
      const { height } = document.querySelector("section")!.getBoundingClientRect();
      const isSettled = innerWidth === 360 && innerHeight === Math.ceil(height);
      return isSettled && innerHeight === (globalThis as Shown).heights.at(-1) ? innerHeight : 0;
    });
    await frame.eval(() => {
      document.documentElement.style.fontSize = "200%";
    });
    await expect.poll(() => frame.eval(() => (globalThis as Shown).heights.at(-1))).toBeGreaterThan(settled);
  });

  test("has nothing of it left once it is removed", async () => {
    const { page, frame } = await show();
    await frame.click("p");
    await frame.eval(() => (globalThis as Shown).card.remove());
    const left = await frame.eval(() => [
      document.querySelectorAll("body > :not(script)").length,
      document.adoptedStyleSheets.length,
    ]);
    expect(left).toEqual([0, 0]);
    const heights = await frame.eval(() => (globalThis as Shown).heights.length);
    await page.press("Escape");
    await page.emulate({ width: NARROW });
    expect(await calls(frame)).toEqual([]);
    expect(await frame.eval(() => (globalThis as Shown).heights.length)).toBe(heights);
    // And it can be shown again.
    await reveal(frame, { locale: "de" });
    expect((await texts(frame))[1]).toBe("Fortfahren");
  });
});

describe("a visitor", () => {
  afterEach(() => closeTabs(browser));

  test("clicks Continue: the handler runs within the click, with the gesture", async () => {
    const { frame } = await show();
    expect(await frame.eval(() => navigator.userActivation.isActive)).toBe(false);
    await frame.click("button");
    expect(await calls(frame)).toEqual([{ name: "continue", isActive: true, event: "click" }]);
  });

  test("clicks Not now", async () => {
    const { frame } = await show();
    await frame.click("button:nth-child(2)");
    expect(await calls(frame)).toMatchObject([{ name: "dismiss" }]);
  });

  test("uses the keyboard: Continue, Not now, Privacy, in this order", async () => {
    const { page, frame } = await show();
    await page.click("#search");
    for (const text of ["Continue", "Not now", "Privacy"]) {
      await page.press("Tab");
      await expect.poll(() => focused(frame)).toBe(text);
      const outline = await frame.eval(() => getComputedStyle(document.activeElement!).outlineStyle);
      expect(outline).toBe("solid");
    }
  });

  test("presses Enter on Continue, with the gesture", async () => {
    const { page, frame } = await show();
    await page.click("#search");
    await page.press("Tab");
    await expect.poll(() => focused(frame)).toBe("Continue");
    await page.press("Enter");
    await expect.poll(() => calls(frame)).toEqual([{ name: "continue", isActive: true, event: "click" }]);
  });

  test("presses Escape inside the card, which dismisses it, or on the page, which does not", async () => {
    const { page, frame } = await show();
    await page.click("#search");
    await page.press("Escape");
    await page.press("Tab");
    await expect.poll(() => focused(frame)).toBe("Continue");
    expect(await calls(frame)).toEqual([]);
    await page.press("Escape");
    await expect.poll(() => calls(frame)).toMatchObject([{ name: "dismiss" }]);
  });

  test("reads the privacy notice in a tab of its own, which gets no opener", async () => {
    const { page, frame } = await show();
    expect(await frame.eval(() => document.querySelector("a")?.rel)).toBe("noopener noreferrer");
    const notice = await page.popup(() => frame.click("a"));
    expect(notice.url()).toBe(`${SHOP_A}/privacy`);
    expect(await notice.eval(() => window.opener === null && document.referrer === "")).toBe(true);
  });

  test("is asked by the browser meanwhile: Continue waits, Not now works", async () => {
    const { page, frame } = await show();
    await page.click("#search");
    await page.press("Tab");
    await frame.eval(() => (globalThis as Shown).card.busy());
    expect(await frame.eval(() => document.querySelector("button")?.getAttribute("aria-disabled"))).toBe("true");
    expect((await texts(frame))[0]).toContain("Acme");
    await frame.waitFor(
      `document.querySelector("p").textContent === "Please answer your browser’s question to continue."`,
    );
    expect(await focused(frame)).toBe("Continue");
    await frame.click("button");
    await page.press("Enter");
    await frame.click("button:nth-child(2)");
    expect((await calls(frame)).map(({ name }) => name)).toEqual(["dismiss"]);
  });

  test("is offered a window after a refusal, by a second click with its gesture, and keeps the focus", async () => {
    const { frame } = await show();
    await frame.click("button");
    await frame.eval(() => {
      (globalThis as Shown).card.busy();
      (globalThis as Shown).card.offerPopup();
    });
    expect(await texts(frame)).toEqual([
      "Your browser needs one more step, in a small window.",
      "Open Acme to continue",
      "Not now",
      "Privacy",
    ]);
    expect(await focused(frame)).toBe("Open Acme to continue");
    await frame.click("button");
    expect((await calls(frame)).slice(1)).toEqual([{ name: "popup", isActive: true, event: "click" }]);
    await frame.eval(() => (globalThis as Shown).card.busy());
    await frame.click("button");
    expect(await calls(frame)).toHaveLength(2);
  });

  test("answers quickly: no words that come and go", async () => {
    const { frame } = await show();
    await frame.eval(() => {
      (globalThis as Shown).card.busy();
      (globalThis as Shown).card.offerPopup();
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await texts(frame))[0]).toBe("Your browser needs one more step, in a small window.");
  });
});
