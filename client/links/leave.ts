import { attributeOf, createElement, member, setAttribute } from "../members.ts";
import type { WayOut } from "./way-out.ts";

/** How a link is followed. `""` is as good as not said. Never a `ping`, which would report the address, code included. */
export type Manner = { readonly target: string; readonly rel: string; readonly referrerpolicy: string };

/** As its author says it. */
export function mannerOf({ element, target }: WayOut): Manner {
  return {
    target,
    rel: attributeOf(element, "rel") ?? "",
    referrerpolicy: attributeOf(element, "referrerpolicy") ?? "",
  };
}

const TELLING = /^(?:(?:strict-)?origin(?:-when-cross-origin)?|unsafe-url|no-referrer-when-downgrade)$/i;

/** A code is good only together with the origin that it comes from. That is all that is told. */
export function tellingOrigin({ target, rel, referrerpolicy }: Manner): Manner {
  return {
    target,
    // What `noreferrer` says beside that.
    rel: rel.replace(/\bnoreferrer\b/gi, "noopener"),
    referrerpolicy: TELLING.test(referrerpolicy) ? referrerpolicy : "strict-origin",
  };
}

/** Whether the browser does nothing but follow the link, in this tab or in one that the link names, and can be kept from it. */
export function isPlainClick({
  type,
  cancelable,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Event & EventModifierInit): boolean {
  return type === "click" && cancelable && !(ctrlKey || metaKey || shiftKey || altKey);
}

/**
 * Follows a link to another address, by one of our own that is in no document: no listener of the page reads the address, and
 * none can stop it. Where the page has changed how clicks are made, the browser is sent there without one.
 */
export function follow({ target, rel, referrerpolicy }: Manner, href: string, detail = 0): void {
  let isFollowed = false;
  try {
    const link = createElement("a");
    for (const [name, value] of [
      ["target", target],
      ["rel", rel],
      ["referrerpolicy", referrerpolicy],
      ["href", href],
    ] as const)
      if (value) link.setAttribute(name, value);
    link.addEventListener("click", ({ defaultPrevented }) => (isFollowed = !defaultPrevented));
    link.dispatchEvent(
      new MouseEvent("click", { __proto__: null, cancelable: true, view: window, detail } as MouseEventInit),
    );
  } catch {
    // Replaced by the page.
  }
  if (isFollowed) return;
  if (/^(?:_self)?$/i.test(target)) location.assign(href);
  else open(href, target, isApart(target, rel) ? "noopener" : "");
}

/** Whether the page that it opens gets no hold of this one. */
function isApart(target: string, rel: string): boolean {
  return /\bno(?:opener|referrer)\b/i.test(rel) || (/^_blank$/i.test(target) && !/\bopener\b/i.test(rel));
}

/**
 * Takes what a form is to send now, and returns what sends it to another address: by a form of our own. So no listener of the page
 * reads that address, and whatever the page does to its form meanwhile, such as disabling the button, changes nothing.
 */
export function prepareForm(
  form: HTMLFormElement,
  submitter: HTMLElement | null,
  target: string,
): (href: string, hasCode: boolean) => void {
  const copy = createElement("form");
  for (const name of SENT) setAttribute(copy, name, submitter?.getAttribute(`form${name}`) ?? attributeOf(form, name));
  setAttribute(copy, "target", target);
  for (const [name, value] of entriesOf(form, submitter)) member(copy, "append").call(copy, createInput(name, value));
  return (href, hasCode) => {
    try {
      setAttribute(copy, "action", href);
      const rel = attributeOf(copy, "rel");
      if (hasCode && rel) setAttribute(copy, "rel", tellingOrigin({ target, rel, referrerpolicy: "" }).rel);
      send(copy);
    } catch {
      // Without its button, and without the chat.
      member(form, "submit").call(form);
    }
  };
}

/** A form must be in the document to be sent. In a closed shadow tree the page sees neither it nor its `formdata` event. */
function send(form: HTMLFormElement): void {
  const host = createElement("div");
  host.hidden = true;
  host.attachShadow({ __proto__: null, mode: "closed" } as ShadowRootInit).append(form);
  member(document, "documentElement").append(host);
  member(form, "submit").call(form);
  host.remove();
}

function entriesOf(form: HTMLFormElement, submitter: HTMLElement | null): FormData {
  try {
    return new FormData(form, submitter);
  } catch {
    // The page has taken the button away already.
    const entries = new FormData(form);
    const name = submitter?.getAttribute("name");
    if (name) entries.append(name, submitter?.getAttribute("value") ?? "");
    return entries;
  }
}

/** Attributes that say how a form is sent; its button may have each, with `form` in front. */
const SENT = ["method", "enctype", "accept-charset", "rel"];

function createInput(name: string, value: FormDataEntryValue): HTMLElement {
  // The browser fills in how it encodes the rest.
  if (/^_charset_$/i.test(name)) return Object.assign(createElement("input"), { type: "hidden", name });
  if (typeof value === "string") {
    const text = createElement("textarea");
    text.name = name;
    text.value = value;
    return text;
  }
  const input = createElement("input");
  input.type = "file";
  input.name = name;
  const files = new DataTransfer();
  if (value.name) files.items.add(value);
  input.files = files.files;
  return input;
}

/**
 * Prepares to change a link for as long as the browser reads it. Called as an event begins, so that it is put back before anything
 * that a listener puts off.
 *
 * @returns what changes it, at the end of the event
 */
export function prepareChange(way: WayOut): (href: string, hasCode: boolean) => void {
  const { element } = way;
  let putBack = () => {};
  // Whichever comes first.
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => putBack();
  port1.postMessage(null);
  setTimeout(() => putBack());
  requestAnimationFrame(() => putBack());
  return (href, hasCode) => {
    const written = CHANGED.map((name) => [name, attributeOf(element, name)] as const);
    putBack = () => {
      for (const [name, value] of written) setAttribute(element, name, value);
      putBack = () => {};
    };
    const { rel, referrerpolicy } = tellingOrigin(mannerOf(way));
    if (hasCode) {
      setAttribute(element, "ping", null);
      setAttribute(element, "rel", rel || null);
      setAttribute(element, "referrerpolicy", referrerpolicy);
    }
    setAttribute(element, "href", href);
  };
}

/** What a link has otherwise while it carries a code. */
const CHANGED = ["href", "ping", "rel", "referrerpolicy"];
