import { type Page, type Scope, poll } from "../harness/index.ts";
import { shopUrl, type ShopOptions } from "../shop.ts";

/** How a visitor gets from "the hub has no access" to `done`, with real clicks on the card. */
export type Journey = {
  /** Clicks that it took, in the card and in the browser's own prompt; `undefined`: there was no way. */
  readonly clicks: number | undefined;
  readonly cardShown: boolean;
  /** The hub's frame opened its small window. */
  readonly popupUsed: boolean;
  /** The hub's frame reaches its cookies itself. */
  readonly hasAccess: boolean;
};

/** How many windows the hub's frame has opened. */
declare global {
  var windowsOpened: number | undefined;
}

/** A browser starts a process for the small window, which takes seconds on a slow machine. */
const PATIENCE_MS = 8000;

/** @param done a script that says whether the page has what the visitor wants */
export async function clickThrough(page: Page, done: () => boolean, answer?: "allow" | "deny"): Promise<Journey> {
  const hub = await page.frame();
  const isDone = () => page.eval(done);
  const isCardShown = () => hub.eval(() => document.querySelectorAll("button").length >= 2);
  await soon(async () => (await isDone()) || (await isCardShown()));
  const cardShown = await isCardShown();
  if (await isDone()) return journey(page, 0, cardShown);

  // The small window closes itself too fast to be looked at: what opens it is counted.
  await hub.eval(() => {
    const { open } = window;
    windowsOpened = 0;
    window.open = (...args) => {
      const opened = open(...args);
      if (opened) windowsOpened = (windowsOpened ?? 0) + 1;
      return opened;
    };
  });
  let clicks = 0;
  // Continue; then, where the browser took the click with its refusal, the second button.
  for (const said of ["", "Continue"]) {
    await soon(async () => (await isDone()) || (await isOffered(hub, said)));
    if (await isDone()) return journey(page, clicks, cardShown);
    if (!(await isOffered(hub, said))) break;
    await page.frameClick("#primary");
    clicks++;
    if (answer && (await answered(page, answer))) clicks++;
  }
  await soon(isDone);
  return journey(page, (await isDone()) ? clicks : undefined, cardShown);
}

/**
 * Whether the card's first button can be clicked, with the id `primary` then.
 *
 * @param said what it said before its last click
 */
export function isOffered(hub: Scope, said: string): Promise<boolean> {
  return hub.eval((said) => {
    const button = document.querySelector("button");
    if (button) button.id = "primary";
    // A visitor who sees the window waits for it, though the button is still there.
    if (globalThis.windowsOpened) return false;
    return button !== null && button.getAttribute("aria-disabled") !== "true" && button.textContent !== said;
  }, said);
}

async function journey(page: Page, clicks: number | undefined, cardShown: boolean): Promise<Journey> {
  const seen = await page.frameEval(async () => ({
    popupUsed: (globalThis.windowsOpened ?? 0) > 0,
    hasAccess: await document.hasStorageAccess(),
  }));
  return { clicks, cardShown, ...seen };
}

function answered(page: Page, answer: "allow" | "deny"): Promise<boolean> {
  return page.answerPrompt(answer, { timeoutMs: PATIENCE_MS }).then(
    () => true,
    () => false,
  );
}

/** Waits until it is so, or until nobody would wait any longer. */
async function soon(isSo: () => Promise<boolean>): Promise<void> {
  await poll(isSo, { timeoutMs: PATIENCE_MS, what: "the next step" }).catch(() => undefined);
}

/** Goes from one shop to the other by a link, as visitors do. */
export async function follow(page: Page, origin: string, shop: ShopOptions): Promise<void> {
  await page.eval(
    (href) => {
      const link = Object.assign(document.createElement("a"), { href, id: "over", textContent: "Our other shop" });
      document.body.prepend(link);
    },
    shopUrl(origin, shop),
  );
  await page.click("#over");
  await poll(
    () => page.eval((origin) => location.origin === origin && typeof provider === "object", origin).catch(() => false),
    { what: `the shop at ${origin}`, timeoutMs: 15_000 },
  );
}
