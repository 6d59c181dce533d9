/** The small notice inside the hub's iframe that asks the visitor for the one click a browser may need. */
import { chooseLanguage, directionOf } from "./choose-language.ts";
import { fillText } from "./fill-text.ts";
import { cardStyle } from "./style.ts";
import { TEXTS } from "./texts.ts";

export type CardOptions = {
  /** `save`: keep this chat when moving on; `continue`: pick up the chat from another site. */
  readonly purpose: "save" | "continue";
  /** BCP 47, of the page's option; `""` for the visitor's own languages. */
  readonly locale: string;
  /** The organisation, who asks. */
  readonly displayName: string | undefined;
  /** `#rrggbb`. Shades that cannot be read are made darker or lighter. */
  readonly accentColor: string | undefined;
  readonly privacyUrl: string | undefined;
  /** Called first and synchronously in the click handler: `requestStorageAccess` needs the visitor's gesture. */
  readonly onContinue: () => void;
  /** "Not now", or Escape. The card stays until it is removed. */
  readonly onDismiss: () => void;
  /** The button that `offerPopup` shows; synchronously, too. */
  readonly onOpenPopup: () => void;
  /** The height of everything, in CSS pixels, with every change; some before `openCard` returns, for a frame that is not rendered yet. */
  readonly onResize: (heightPx: number) => void;
};

export type Card = {
  /** After Continue, while the browser may be asking: the button is disabled, "Not now" stays. */
  busy(): void;
  /** After a refusal: a button that opens a window takes Continue's place. */
  offerPopup(): void;
  remove(): void;
};

/** A live region is read out when it changes, and not as it was at first; screen readers need a moment to know it. */
const ANNOUNCE_MS = 250;

/** Many browsers answer at once, without a question to the visitor: words that come and go would flicker. */
const WAITING_MS = 400;

/** Puts the card into this document. Takes no focus: the visitor may be typing. */
export function openCard(options: CardOptions): Card {
  const language = chooseLanguage(options.locale, navigator.languages);
  const texts = TEXTS[language];
  const name = options.displayName || undefined;
  const root = document.documentElement;
  root.lang = language;
  root.dir = directionOf(language);

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(cardStyle(options.accentColor));
  document.adoptedStyleSheets.push(sheet);

  let onClick: (() => void) | undefined = options.onContinue;
  const region = document.createElement("section");
  const surface = append(region, "div");
  surface.className = "card";
  const sentence = append(surface, "p", texts[options.purpose]);
  sentence.id = "carryover-card";
  sentence.setAttribute("role", "status");
  region.setAttribute("aria-labelledby", sentence.id);
  const buttons = append(surface, "div");
  buttons.className = "buttons";
  const proceed = append(buttons, "button", texts.yes);
  // One button through all states, so that the keyboard's focus is not lost.
  proceed.onclick = () => onClick?.();
  append(buttons, "button", texts.no).onclick = () => options.onDismiss();
  if (options.privacyUrl) {
    const link = append(surface, "a", texts.privacy);
    link.href = options.privacyUrl;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  document.body.append(region);

  // Of this document: keys arrive only while the focus is inside the iframe.
  const onKey = ({ key }: KeyboardEvent) => {
    if (key === "Escape") options.onDismiss();
  };
  addEventListener("keydown", onKey);

  let height = 0;
  // At once, too: a frame without room is not rendered, so that nothing in it has a height, and its observers are silent.
  const measure = () => {
    const now = Math.ceil(region.getBoundingClientRect().height) || 8;
    if (now !== height) options.onResize((height = now));
  };
  const observer = new ResizeObserver(measure);
  observer.observe(region);
  measure();

  let timer = setTimeout(() => say(texts[options.purpose]), ANNOUNCE_MS);

  function append<Tag extends keyof HTMLElementTagNameMap>(
    to: HTMLElement,
    tag: Tag,
    text = "",
  ): HTMLElementTagNameMap[Tag] {
    const element = document.createElement(tag);
    element.append(...fillText(text, name));
    to.append(element);
    return element;
  }

  function say(text: string): void {
    sentence.replaceChildren(...fillText(text, name));
  }

  return {
    busy() {
      onClick = undefined;
      proceed.setAttribute("aria-disabled", "true");
      clearTimeout(timer);
      timer = setTimeout(() => say(texts.waiting), WAITING_MS);
    },
    offerPopup() {
      onClick = options.onOpenPopup;
      proceed.removeAttribute("aria-disabled");
      proceed.replaceChildren(...fillText(texts.openPopup, name));
      clearTimeout(timer);
      say(texts.oneMoreStep);
    },
    remove() {
      clearTimeout(timer);
      observer.disconnect();
      removeEventListener("keydown", onKey);
      region.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  };
}
