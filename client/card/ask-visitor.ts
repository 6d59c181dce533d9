import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import type { Connect, FrameContent, PageState } from "../../protocol/messages.ts";
import type { CountOutcome } from "../../protocol/outcomes.ts";
import {
  type PopupSubject,
  type PopupTask,
  isPopupDone,
  isPopupReady,
  popupFragment,
} from "../../protocol/popup-messages.ts";
import { CONTINUE_PATH } from "../../protocol/routes.ts";
import type { FrameEvent } from "../../session/frame.ts";
import { type CardOptions, openCard } from "./card.ts";

export type Purpose = CardOptions["purpose"];

export type AskingTask = {
  readonly connect: Connect;
  /** The page's session that waits to be saved, with its site's base, if any, at the moment of the click. */
  readonly waiting: () => PageState | undefined;
  /** Whether the hub's cookies can be used now. */
  readonly hasAccess: () => Promise<boolean>;
  readonly countOutcome: CountOutcome;
  /** Sends the page a message that answers no request. */
  readonly tell: (content: FrameContent) => void;
  /** What the frame is to know. */
  readonly dispatch: (event: FrameEvent) => void;
};

/** What is asked on one showing of the card. */
export type Question = {
  readonly purpose: Purpose;
  /** Whether the browser takes a request for storage access at all. */
  readonly canRequest: boolean;
  /** The visitor has said no. */
  readonly onDismiss: () => void;
  /** The card is gone, for whatever reason. */
  readonly onClose: () => void;
};

/** A prompt that the visitor has dismissed leaves its request pending for ever; the card goes on without it. */
const PROMPT_PATIENCE_MS = 15_000;

const POPUP_FEATURES = "popup,width=440,height=620";

/** Addresses that are longer are not taken everywhere. */
const MAX_RETURN_URL_LENGTH = 2000;

/**
 * Shows the card, and does what its buttons say.
 *
 * The click is on the card, inside the frame. It asks for storage access; if the browser refuses and the click still counts,
 * it opens the continue page in the same tap, else the card offers that as a second button. Where no popup can be had, the whole
 * tab goes there. Nothing waits for a prompt that nobody answers, and nothing is concluded from a popup's being closed.
 *
 * @returns what takes the card away
 */
export function askVisitor(config: IframeConfig, task: AskingTask, question: Question): () => void {
  const { connect, waiting, hasAccess, countOutcome, tell, dispatch } = task;
  const { tenant, displayName, accentColor, privacyUrl } = config;
  const { purpose, canRequest, onDismiss, onClose } = question;
  const subject: PopupSubject = { tenant, name: connect.name, nonce: crypto.randomUUID() };
  // Nobody can guess it: a page could send the window elsewhere by its name, or give that name to a frame of its own.
  const windowName = crypto.randomUUID();
  let popup: Window | null = null;

  addEventListener("message", ({ source, origin, data }) => {
    if (!popup || source !== popup || origin !== location.origin) return;
    if (isPopupReady(data, subject)) {
      const { session = null, base = "" } = waiting() ?? {};
      const task: PopupTask = { type: "carryover:popup-task", ...subject, session, base };
      popup.postMessage(task, origin);
    } else if (isPopupDone(data, subject)) {
      close();
      countOutcome("popup");
      dispatch({ type: "popup", evidence: decodeHubCookie(data.hubCookie ?? "") });
    }
  });

  const card = openCard({
    purpose,
    locale: typeof connect.locale === "string" ? connect.locale : "",
    displayName,
    accentColor,
    privacyUrl,
    onContinue: canRequest ? requestAccess : openPopup,
    onOpenPopup: openPopup,
    onDismiss() {
      onDismiss();
      close();
    },
    onResize: (height) => tell({ type: "card", height }),
  });

  function requestAccess(): void {
    // The first statement: anything before it could cost the click in Safari.
    const request = document.requestStorageAccess();
    card.busy();
    countOutcome("prompted");
    setTimeout(() => card.offerPopup(), PROMPT_PATIENCE_MS);
    request.then(finish, refuse);
  }

  async function finish(): Promise<void> {
    // WebKit can say yes and still keep the cookies back.
    if (!(await hasAccess())) {
      countOutcome("denied");
      return card.offerPopup();
    }
    close();
    tell({ type: "changed" });
  }

  function refuse(error: unknown): void {
    // Safari's word for access that is granted to a document that must be loaded anew to use it.
    if (error instanceof DOMException && error.name === "NoModificationAllowedError") location.reload();
    else {
      if (navigator.userActivation?.isActive) openPopup();
      else card.offerPopup();
      countOutcome("denied");
    }
  }

  function openPopup(): void {
    popup = open(CONTINUE_PATH + popupFragment(subject), windowName, POPUP_FEATURES);
    // While it is open, and if it is closed again, the button stays.
    if (popup) card.offerPopup();
    // The page's Cross-Origin-Opener-Policy, or a web view, keeps windows apart. What waits to be saved could not come along.
    else if (purpose === "continue")
      open(`${CONTINUE_PATH}?return=${encodeURIComponent(wayBack(connect.url))}`, "_top");
    else close();
  }

  function close(): void {
    card.remove();
    onClose();
  }

  return close;
}

/** The page's address, or as much of it as can be given along. */
function wayBack(url: string): string {
  const [address = ""] = url.split(/[?#]/);
  return [url, address].find(({ length }) => length <= MAX_RETURN_URL_LENGTH) ?? new URL(url).origin;
}
