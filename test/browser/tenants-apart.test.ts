/**
 * Two tenants share one hub, and so its origin and the visitor's cookies there. A page of one must not reach a session of the
 * other, whatever it does with windows, names and clicks. SECURITY.md lists what keeps them apart.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { whyNoEngine } from "../../scripts/browsers/ensure-engine.ts";
import { type Browser, type Engine, HUB_ORIGIN, type Page, SHOP_A, type World, startWorld } from "./harness/index.ts";
import { BLOCKED } from "./linked-shops.ts";
import { closeTabs, openShop, save, serveShops, startChat, uniqueName, visibleSessions } from "./shop.ts";

const EVIL = "https://evil.test";
const EVIL_IFRAME_URL = `${HUB_ORIGIN}/t/evil/iframe.html`;
const ACME_CONTINUE_URL = `${HUB_ORIGIN}/t/acme/continue`;
/** A popup takes a second or two to load on a slow machine. */
const ATTACK_MS = 2500;

let world: World;

beforeAll(async () => {
  world = await startWorld({
    tenants: {
      acme: JSON.stringify([SHOP_A]),
      evil: JSON.stringify([EVIL, SHOP_A]),
    },
  });
  serveShops(world, ["shop-a.test", "evil.test"]);
});

afterAll(() => world?.close());

/** Clicks what the card offers until a window has been opened by it. */
async function pressContinue(page: Page): Promise<void> {
  const hub = await page.frame();
  for (const said of ["", "Continue"]) {
    const isOffered = await hub
      .waitFor(
        `(() => {
          const button = document.querySelector("button");
          if (button) button.id = "primary";
          return button && button.getAttribute("aria-disabled") !== "true" && button.textContent !== ${JSON.stringify(said)};
        })()`,
        { timeoutMs: 8000 },
      )
      .then(
        () => true,
        () => false,
      );
    if (isOffered) await page.frameClick("#primary");
  }
}

/**
 * The attack as a page can make it: as soon as the frame's window is open, it sends it elsewhere by its name. The visitor's
 * activation is used up then, which pages can see.
 */
function replaceByName(page: Page): Promise<void> {
  return page.eval((url) => {
    let wasActive = false;
    setInterval(() => {
      const { isActive } = navigator.userActivation;
      if (wasActive && !isActive) {
        const link = Object.assign(document.createElement("a"), { target: "carryover", href: url });
        link.setAttribute("rel", "opener");
        link.click();
      }
      wasActive = isActive;
    }, 1);
  }, `${ACME_CONTINUE_URL}#now`);
}

/**
 * What such an attack comes to if it succeeds: the window that the frame has opened shows the other tenant's page, with all that
 * the frame gave the window to know.
 */
async function openOtherTenants(page: Page): Promise<void> {
  await page.frameEval((other) => {
    const { open } = window;
    window.open = (url, name, features) => open(other + new URL(String(url), location.href).hash, name, features);
  }, ACME_CONTINUE_URL);
}

const attacks: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ["by its name", replaceByName],
  ["before it has loaded", openOtherTenants],
];

describe.each(["chromium", "firefox"] as const)("in %s, third-party cookies blocked,", (engine: Engine) => {
  const why = whyNoEngine(engine);
  describe.skipIf(why !== undefined)(`a page of another tenant (${why ?? "had here"})`, () => {
    let browser: Browser;
    let name: string;

    beforeAll(async () => {
      browser = await world.launch(engine === "firefox" ? { engine, policy: "deny" } : BLOCKED[engine]);
    });

    afterAll(() => browser?.close());

    beforeEach(() => {
      name = uniqueName();
    });

    afterEach(() => closeTabs(browser));

    /** The visitor's session at acme, in the hub's first-party cookie. */
    async function plantSession(session: string): Promise<void> {
      const page = await browser.open(ACME_CONTINUE_URL);
      await page.eval(
        (path, session) => fetch(path, { method: "PUT", body: session }).then(() => undefined),
        `/t/acme/session/${name}`,
        session,
      );
      await page.close();
    }

    function hubCookie(tenant: string): Promise<string | undefined> {
      return browser
        .cookies()
        .then((cookies) => cookies.find((cookie) => cookie.name === `__Host-${tenant}.${name}`)?.value);
    }

    async function attack(chat: string | undefined, replacePopup: (page: Page) => Promise<void>): Promise<Page> {
      const page = await openShop(browser, EVIL, { name, iframeUrl: EVIL_IFRAME_URL });
      if (chat !== undefined) await startChat(page, name, chat);
      await (chat === undefined ? page.eval(() => provider.showCard()) : save(page));
      await (await page.frame()).waitFor(() => document.querySelector("button") !== null);
      await replacePopup(page);
      await pressContinue(page);
      await page.eval((ms) => new Promise((resolve) => setTimeout(resolve, ms)), ATTACK_MS);
      return page;
    }

    test.each(attacks)(
      "does not get the session out of the other tenant's page in the popup, put there %s",
      async (_, replacePopup) => {
        await plantSession("acme-secret");
        const page = await attack(undefined, replacePopup);
        expect(await visibleSessions(page, name)).toEqual([]);
        expect(await page.eval(() => JSON.stringify(events))).not.toContain("acme-secret");
      },
    );

    test.each(attacks)(
      "does not overwrite the other tenant's session by its page in the popup, put there %s",
      async (_, replacePopup) => {
        await plantSession("acme-secret");
        await attack("evils-own", replacePopup);
        expect(await hubCookie("acme")).toBe("acme-secret");
      },
    );
  });
});
