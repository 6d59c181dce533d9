/** `card.mjs`: asks the visitor for the click that a browser may need. The hub's iframe loads it when there is something to ask. */
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import type { Connect, FrameContent, HubAccess, PageState } from "../../protocol/messages.ts";
import type { CountOutcome } from "../../protocol/outcomes.ts";
import type { FrameEvent } from "../../session/frame.ts";
import { type Purpose, askVisitor } from "./ask-visitor.ts";

export type CardModule = typeof import("./card-module.ts");

export type Asking = {
  /** Shows the card, unless it is shown already, or the visitor has said no in this tab. */
  readonly offer: (purpose: Purpose, access: HubAccess) => void;
  readonly withdraw: () => void;
};

/**
 * @param waiting the page's session that waits to be saved, with its site's base, if any, at the moment of the click
 * @param hasAccess whether the hub's cookies can be used now
 * @param tell sends the page a message that answers no request
 * @param dispatch what the frame is to know
 */
export function createAsking(
  config: IframeConfig,
  connect: Connect,
  waiting: () => PageState | undefined,
  hasAccess: () => Promise<boolean>,
  countOutcome: CountOutcome,
  tell: (content: FrameContent) => void,
  dispatch: (event: FrameEvent) => void,
): Asking {
  const { tenant } = config;
  const task = { connect, waiting, hasAccess, countOutcome, tell, dispatch };
  /** Takes the card away that is shown. */
  let close: (() => void) | undefined;

  return {
    offer(purpose, access) {
      if (close || isDismissed(tenant)) return;
      close = askVisitor(config, task, {
        purpose,
        canRequest: access !== "blocked",
        onDismiss: () => dismiss(tenant),
        onClose() {
          close = undefined;
          tell({ type: "card", height: 0 });
        },
      });
    },
    withdraw() {
      close?.();
    },
  };
}

/** By tenant: they share the hub's storage. */
const DISMISSED = "carryover:dismissed:";
let dismissedHere = false;

/** "Not now" holds for the tab; where the browser keeps storage from this frame, for the page view. */
function isDismissed(tenant: string): boolean {
  try {
    return dismissedHere || sessionStorage.getItem(DISMISSED + tenant) !== null;
  } catch {
    return dismissedHere;
  }
}

function dismiss(tenant: string): void {
  dismissedHere = true;
  try {
    sessionStorage.setItem(DISMISSED + tenant, "");
  } catch {
    // Kept from this frame.
  }
}
