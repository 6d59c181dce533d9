import { requireElement } from "./require-element.ts";

/** Wide enough for the panel to stand beside the shop instead of covering it. */
const ROOM_FOR_PANEL = "(min-width: 48rem)";

/** The launcher and the panel it opens. A panel, not a modal: the shop stays usable next to it. */
export class ChatPanel {
  readonly host = requireElement("#chat-host", HTMLElement);
  readonly #launcher = requireElement("#chat-launcher", HTMLButtonElement);
  readonly #label = requireElement("#chat-launcher-label", HTMLElement);
  readonly #panel = requireElement("#chat-panel", HTMLElement);
  readonly #state = requireElement("#chat-state", HTMLElement);
  readonly #end = requireElement("#chat-end", HTMLButtonElement);
  readonly #onOpen: () => void;

  constructor(onOpen: () => void, onEnd: () => void) {
    this.#onOpen = onOpen;
    this.#launcher.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    requireElement("#chat-close", HTMLButtonElement).addEventListener("click", () => this.close());
    this.#end.addEventListener("click", onEnd);
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#panel.hidden;
  }

  open(): void {
    this.#panel.hidden = false;
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#onOpen();
  }

  /** A chat that came along opens by itself where it does not cover the shop. */
  openBesideThePage(): void {
    if (!this.isOpen && matchMedia(ROOM_FOR_PANEL).matches) this.open();
  }

  close(): void {
    this.#panel.hidden = true;
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#launcher.focus();
  }

  setSession(exists: boolean): void {
    this.#label.textContent = exists ? "Continue your chat" : "Chat with us";
  }

  /** Ending takes a connection: without one the transcript would stay behind. */
  setEndable(isEndable: boolean): void {
    this.#end.disabled = !isEndable;
  }

  setState(words: string): void {
    if (this.#state.textContent !== words) this.#state.textContent = words;
  }
}
