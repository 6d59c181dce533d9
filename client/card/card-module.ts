/** `card.mjs`: asks the visitor for the click that a browser may need. The hub's iframe loads it when there is something to ask. */
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import type { HubAccess } from "../../protocol/messages.ts";
import { type AskingTask, type Purpose, askVisitor } from "./ask-visitor.ts";

export type CardModule = typeof import("./card-module.ts");

/** Takes the card away that is shown. */
let close: (() => void) | undefined;

/** Shows the card, unless it is shown already, or the visitor has said no in this tab. */
export function offer(config: IframeConfig, task: AskingTask, purpose: Purpose, access: HubAccess): void {
  const { tenant } = config;
  if (close || isDismissed(tenant)) return;
  close = askVisitor(config, task, {
    purpose,
    canRequest: access !== "blocked",
    onDismiss: () => dismiss(tenant),
    onClose() {
      close = undefined;
      task.tell({ type: "card", height: 0 });
    },
  });
}

export function withdraw(): void {
  close?.();
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
