import type { CookieProviderStatus } from "../../client/cookie-provider.d.ts";
import { requireElement } from "./require-element.ts";
import { ASKING, statusWords, type StatusWords } from "./status-words.ts";

/** Enough to see that both shops show the same chat, too little to take it over. */
const SHORT_ID_CHARACTERS = 6;

/** The strip on top of each shop: what the provider says right now, in human words. */
export class StatusStrip {
  readonly #root = requireElement("#carryover-strip", HTMLElement);
  readonly #words = requireElement("#strip-words", HTMLElement);
  readonly #reason = requireElement("#strip-reason", HTMLElement);
  readonly #event = requireElement("#strip-event", HTMLElement);
  readonly #session = requireElement("#strip-session", HTMLElement);
  readonly #hint = requireElement("#strip-hint", HTMLElement);
  #cookiesBlocked = false;

  constructor() {
    this.#show(ASKING, "");
    this.setSession(undefined);
  }

  setStatus(status: CookieProviderStatus): void {
    this.#root.dataset["access"] = status.access;
    this.#show(statusWords(status.access), status.reason);
    this.#showHint();
  }

  setThirdPartyCookies(isEnabled: boolean): void {
    this.#cookiesBlocked = !isEnabled;
    this.#showHint();
  }

  setSession(session: string | undefined): void {
    const short = session?.slice(0, SHORT_ID_CHARACTERS);
    this.#session.textContent = short ?? "none yet";
    this.#session.dataset["session"] = short ?? "";
  }

  setEvent(event: string): void {
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#event.textContent = `${event}, ${time}`;
  }

  #show({ tone, words }: StatusWords, reason: string): void {
    this.#root.dataset["tone"] = tone;
    // A live region announces every write, also one that changes nothing.
    if (this.#words.textContent !== words) this.#words.textContent = words;
    if (this.#reason.textContent !== reason) this.#reason.textContent = reason;
  }

  /** Where the hub is the trouble, talk of the card would send the reader the wrong way. */
  #showHint(): void {
    const access = this.#root.dataset["access"];
    const cookiesMatter = access === "blocked" || access === "promptable";
    this.#hint.hidden = !(cookiesMatter || (this.#cookiesBlocked && access === undefined));
  }
}
