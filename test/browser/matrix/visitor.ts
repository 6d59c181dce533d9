import { type Page, type Scope, poll } from "../harness/index.ts";
import { shopUrl, type ShopOptions } from "../shop.ts";

/** How a visitor gets from "the hub has no access" to `done`, with real clicks on the card. */
export type Journey = {
  /** Clicks that it took, in the card and in the browser's own prompt; `undefined`: there was no way. */
  readonly clicks: number | undefined;
  readonly cardShown: boolean;
  readonly popupUsed: boolean;
};

/** A browser starts a process for the small window, which takes seconds on a slow machine. */
const PATIENCE_MS = 8000;

/** @param done a script that says whether the page has what the visitor wants */
export async function clickThrough(page: Page, done: () => boolean, answer?: "allow" | "deny"): Promise<Journey> {
  if (await soon(page, done, 1000)) return { clicks: 0, cardShown: false, popupUsed: false };
  const hub = await page.frame();
  const cardShown = await soon(hub, () => document.querySelectorAll("button").length >= 2, PATIENCE_MS);
  if (!cardShown) return { clicks: undefined, cardShown, popupUsed: false };

  let clicks = 0;
  // Continue; then, where the browser took the click with its refusal, the second button.
  for (const said of ["", "Continue"]) {
    const isThere = await soon(
      hub,
      `(() => {
        const button = document.querySelector("button");
        if (button) button.id = "primary";
        return button && button.getAttribute("aria-disabled") !== "true" && button.textContent !== ${JSON.stringify(said)};
      })()`,
      PATIENCE_MS,
    );
    if (!isThere) break;
    await page.frameClick("#primary");
    clicks++;
    if (answer && (await answered(page, answer))) clicks++;
    if (await soon(page, done, PATIENCE_MS)) {
      // What came without access came through the popup. It closes itself too fast to be looked at.
      const popupUsed = !(await page.frameEval(() => document.hasStorageAccess()));
      return { clicks, cardShown, popupUsed };
    }
  }
  return { clicks: undefined, cardShown, popupUsed: false };
}

function answered(page: Page, answer: "allow" | "deny"): Promise<boolean> {
  return page.answerPrompt(answer, { timeoutMs: PATIENCE_MS }).then(
    () => true,
    () => false,
  );
}

function soon(scope: Scope, script: string | (() => unknown), timeoutMs: number): Promise<boolean> {
  return scope.waitFor(script, { timeoutMs }).then(
    () => true,
    () => false,
  );
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
