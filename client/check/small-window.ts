import { type CheckWindow, isCheckWindow } from "../../protocol/check-messages.ts";
import { CHECK_PATH, CHECK_WINDOW } from "../../protocol/routes.ts";
import type { Finding } from "./finding.ts";

const ANSWER_PATIENCE_MS = 10_000;
const FEATURES = "popup,width=440,height=320";
const COOP =
  "Cross-Origin-Opener-Policy same-origin-allow-popups on your site keeps windows together; same-origin cuts them off, and the card then leads the whole tab to the hub and back.";

export const SMALL_WINDOW = "Small window";

export function offerWindow(): Finding {
  return {
    rung: SMALL_WINDOW,
    verdict: "open",
    found: "Opens a window of the hub, as the card does where the browser refuses.",
  };
}

/** Opens this page in a window, which says hello if it can. */
export async function tryWindow(tenant: string): Promise<Finding> {
  const rung = SMALL_WINDOW;
  const nonce = crypto.randomUUID();
  // A name that nobody can guess: any page could send the window elsewhere by it.
  const opened = open(CHECK_PATH + CHECK_WINDOW + nonce, crypto.randomUUID(), FEATURES);
  if (!opened) {
    return {
      rung,
      verdict: "bad",
      found: "No window was opened.",
      remedy: `A popup blocker, a sandboxed frame without allow-popups, or the site's policy. ${COOP}`,
    };
  }
  const said = await new Promise<CheckWindow | undefined>((resolve) => {
    addEventListener("message", ({ source, origin, data }) => {
      if (source === opened && origin === location.origin && isCheckWindow(data, { tenant, nonce })) resolve(data);
    });
    setTimeout(resolve, ANSWER_PATIENCE_MS);
  });
  if (!said)
    return { rung, verdict: "limited", found: "A window was opened, and then cut off from this one.", remedy: COOP };
  return said.cookies
    ? { rung, verdict: "good", found: "A window was opened, is heard here, and has the hub's cookies." }
    : {
        rung,
        verdict: "bad",
        found: "A window was opened, and the browser keeps the hub's cookies even there.",
        remedy: "Cookies are switched off in this browser altogether. Links carry the chat.",
      };
}

/** In the window: reports to the frame that opened it, and closes. */
export function answerOpener(report: Omit<CheckWindow, "type">): void {
  const frame: Window | null = window.opener;
  frame?.postMessage({ type: "carryover:check-window", ...report } satisfies CheckWindow, location.origin);
  // After the message, or it would arrive without a source.
  setTimeout(close, 50);
}
