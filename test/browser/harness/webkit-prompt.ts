import type { Page, WaitOptions } from "./browser.ts";
import { poll } from "./poll.ts";
import type { Screen } from "./xvfb.ts";

interface WindowShape {
  x: number;
  y: number;
  width: number;
  /** Of what lies above the page. */
  barsHeight: number;
}

/** MiniBrowser's toolbar, above the page at all times. */
const TOOLBAR_HEIGHT = 38;
/** How far the middle of each button is from the window's right edge. The bar is some 66 high. */
const FROM_THE_RIGHT = { allow: 49, deny: 140 };

/**
 * Answers the bar that asks "Do you want to allow "hub.test" to use cookies while browsing "shop-a.test"?" with a mouse on
 * the screen: WebDriver reaches into the page only. The bar shows in that the page becomes less high.
 */
export async function answerInfoBar(
  page: Page,
  screen: Screen,
  answer: keyof typeof FROM_THE_RIGHT,
  options: WaitOptions,
): Promise<void> {
  let before: number | undefined;
  const { x, y, width, barsHeight } = await poll(
    async () => {
      const shape = await page.eval(shapeOfWindow);
      const isStill = shape.barsHeight === before;
      before = shape.barsHeight;
      return isStill && hasBar(shape) && shape;
    },
    { ...options, what: "WebKit's storage access prompt" },
  );
  await screen.click(x + width - FROM_THE_RIGHT[answer], y + (TOOLBAR_HEIGHT + barsHeight) / 2);
  await poll(async () => !hasBar(await page.eval(shapeOfWindow)), { what: "the prompt to go" });
}

function hasBar({ barsHeight }: WindowShape): boolean {
  return barsHeight > TOOLBAR_HEIGHT * 1.5;
}

/** Runs in the page. */
function shapeOfWindow(): WindowShape {
  return { x: screenX, y: screenY, width: outerWidth, barsHeight: outerHeight - innerHeight };
}
