import type { IframeConfig } from "../../protocol/iframe-config.ts";
import type { AskingTask, Purpose, askVisitor } from "../card/ask-visitor.ts";
import type { AccessStatus } from "./access-status.ts";

/** Asks the visitor, by the card, which is loaded when it is first to be shown. */
export type Asking = {
  /** Shows the card, unless it is shown already, switched off, or the visitor has said no in this tab. */
  offer(purpose: Purpose, status: AccessStatus): void;
  withdraw(): void;
};

export type CreateAsking = (task: AskingTask) => Asking;

/** Can be closed once it is there. */
type Showing = { close?: () => void };

export function createAsking(config: IframeConfig, task: AskingTask): Asking {
  const { tenant, cardUrl } = config;
  /** The card that is shown or on its way. */
  let showing: Showing | undefined;

  async function offer(purpose: Purpose, { access }: AccessStatus): Promise<void> {
    if (task.connect.card === "off" || showing || isDismissed(tenant)) return;
    const mine: Showing = (showing = {});
    const canRequest = access !== "blocked";
    const onDismiss = () => dismiss(tenant);
    try {
      const module: { readonly askVisitor: typeof askVisitor } = await import(cardUrl);
      if (showing === mine) mine.close = module.askVisitor(config, task, { purpose, canRequest, onDismiss, onClose });
    } catch (error) {
      console.error("Carryover: the card did not load.", error);
      onClose();
    }
  }

  function onClose(): void {
    showing = undefined;
    task.onResize(0);
  }

  function withdraw(): void {
    if (showing?.close) showing.close();
    else onClose();
  }

  return { offer: (purpose, status) => void offer(purpose, status), withdraw };
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
