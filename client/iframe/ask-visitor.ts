import { type HubCookie, decodeHubCookie } from "../../protocol/hub-cookie.ts";
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import type { Connect } from "../../protocol/messages.ts";
import { type PopupTask, isPopupDone, isPopupReady } from "../../protocol/popup-messages.ts";
import { CONTINUE_AT_ONCE, continuePath } from "../../protocol/routes.ts";
import type { Card, openCard } from "../card/card.ts";
import type { Standing } from "./answers.ts";

type Purpose = Parameters<typeof openCard>[0]["purpose"];

export type Asking = {
  /** Shows the card, unless it is shown already, switched off, or the visitor has said no in this tab. */
  offer(purpose: Purpose, standing: Standing): void;
  withdraw(): void;
};

export type AskingTask = {
  readonly connect: Connect;
  /** The page's session that waits to be saved, if any, at the moment of the click. */
  readonly waitingSession: () => string | null;
  readonly onResize: (heightPx: number) => void;
  /** Whether the hub's cookies can be used now. */
  readonly hasAccess: () => Promise<boolean>;
  /** The visitor has granted storage access. */
  readonly onAccess: () => void;
  /** A popup handed over the hub cookie. */
  readonly onHanded: (cookie: HubCookie | undefined) => void;
};

/** A prompt that the visitor has dismissed leaves its request pending for ever; the card goes on without it. */
const PROMPT_PATIENCE_MS = 15_000;

const POPUP_FEATURES = "popup,width=440,height=620";

/**
 * Asks the visitor for the click that a browser may need.
 *
 * The click is on the card, inside the frame. It asks for storage access; if the browser refuses and the click still counts,
 * it opens the continue page in the same tap, else the card offers that as a second button. Nothing waits for a prompt that
 * nobody answers, and nothing is concluded from a popup's being closed.
 */
export function createAsking(config: IframeConfig, task: AskingTask): Asking {
  const { connect, waitingSession, onResize, hasAccess, onAccess, onHanded } = task;
  const { tenant, cardUrl, displayName, accentColor, privacyUrl } = config;
  let card: Card | undefined;
  let isOpening = false;
  let popup: Window | null = null;

  addEventListener("message", ({ source, origin, data }) => {
    if (!popup || source !== popup || origin !== location.origin) return;
    if (isPopupReady(data)) {
      const task: PopupTask = { type: "carryover:popup-task", name: connect.name, session: waitingSession() };
      popup.postMessage(task, origin);
    } else if (isPopupDone(data)) {
      withdraw();
      onHanded(data.hubCookie === null ? undefined : decodeHubCookie(data.hubCookie));
    }
  });

  async function offer(purpose: Purpose, { access }: Standing): Promise<void> {
    if (connect.card === "off" || card || isOpening || isDismissed(tenant)) return;
    isOpening = true;
    // Width first: the card's height depends on it.
    onResize(1);
    try {
      const module: { readonly openCard: typeof openCard } = await import(cardUrl);
      if (!isOpening) return;
      card = module.openCard({
        purpose,
        locale: typeof connect.locale === "string" ? connect.locale : "",
        displayName,
        accentColor,
        privacyUrl,
        onContinue: access === "blocked" ? openPopup : requestAccess,
        onOpenPopup: openPopup,
        onDismiss() {
          dismiss(tenant);
          withdraw();
        },
        onResize,
      });
    } catch (error) {
      console.error("Carryover: the card did not load.", error);
      onResize(0);
    }
    isOpening = false;
  }

  function requestAccess(): void {
    // The first statement: anything before it could cost the click in Safari.
    const request = document.requestStorageAccess();
    card?.busy();
    setTimeout(() => card?.offerPopup(), PROMPT_PATIENCE_MS);
    request.then(finish, refuse);
  }

  async function finish(): Promise<void> {
    // WebKit can say yes and still keep the cookies back.
    if (!(await hasAccess())) return card?.offerPopup();
    withdraw();
    onAccess();
  }

  function refuse(error: unknown): void {
    // Safari's word for access that is granted to a document that must be loaded anew to use it.
    if (error instanceof DOMException && error.name === "NoModificationAllowedError") location.reload();
    else if (navigator.userActivation?.isActive) openPopup();
    else card?.offerPopup();
  }

  function openPopup(): void {
    popup = open(continuePath(tenant) + CONTINUE_AT_ONCE, "carryover", POPUP_FEATURES);
    // While it is open, and if it is blocked or closed again, the button stays.
    card?.offerPopup();
  }

  function withdraw(): void {
    card?.remove();
    card = undefined;
    isOpening = false;
    onResize(0);
  }

  return { offer: (purpose, standing) => void offer(purpose, standing), withdraw };
}

const DISMISSED = "carryover:dismissed";
let dismissedHere = false;

/** "Not now" holds for the tab; where the browser keeps storage from this frame, for the page view. */
function isDismissed(tenant: string): boolean {
  try {
    return dismissedHere || sessionStorage.getItem(DISMISSED) === tenant;
  } catch {
    return dismissedHere;
  }
}

function dismiss(tenant: string): void {
  dismissedHere = true;
  try {
    sessionStorage.setItem(DISMISSED, tenant);
  } catch {
    // Kept from this frame.
  }
}
