import { attributeOf, createElement, member } from "../members.ts";

/** The link or form that an event leads away by, and where that has its address. */
export type WayOut = {
  readonly element: Element;
  readonly attribute: "href" | "action" | "formaction";
  readonly form: HTMLFormElement | undefined;
  readonly submitter: HTMLElement | null;
  /** Where it opens, as a link of this page would say it. */
  readonly target: string;
};

/** Where a way leads. */
export type Destination = {
  /** As the browser would go there. */
  readonly href: string;
  /** Where a code may go: over https only. */
  readonly secureHref: string;
  /** Of `secureHref`. */
  readonly origin: string;
};

const MIDDLE_BUTTON = 1;

/** SVG has links, too, in older files with the address in a namespace of its own. */
const LINK = ":is(a, area)[*|href]";
const SVG = "http://www.w3.org/2000/svg";
const XLINK = "http://www.w3.org/1999/xlink";

/** What takes a click for itself inside a link, or tells the server where it was. */
const ACTIVATED = "input, label, summary, img[ismap]";

const SUBMITTER = "button:not([type=button], [type=reset]), input:is([type=submit], [type=image])";

/** What is followed or sent by an event now. */
export function findWayOut(event: Event): WayOut | undefined {
  if (!isSubmit(event)) return findLink(event);
  const form = elementsOn(event).find(isForm);
  return event.isTrusted && form ? wayOfForm(form, event.submitter) : undefined;
}

// By its type, for libraries replace classes, and frames have their own.
function isSubmit(event: Event): event is SubmitEvent {
  return event.type === "submit";
}

/** What may be followed or sent soon: a link, or the button of a form. */
export function findIntent(event: Event): WayOut | undefined {
  const button = elementsOn(event).find(isSubmitter);
  return button?.form ? wayOfForm(button.form, button) : findLink(event);
}

function isSubmitter(element: Element): element is HTMLButtonElement {
  return isMatch(element, SUBMITTER);
}

function isFormButton(element: Element): element is HTMLButtonElement {
  return isMatch(element, "button:not([type=button])");
}

function findLink(event: Event): WayOut | undefined {
  // The other buttons open menus.
  if ("button" in event && Number(event.button) > MIDDLE_BUTTON) return undefined;
  for (const element of elementsOn(event)) {
    if (isMatch(element, LINK)) return wayOfLink(element);
    if (isMatch(element, ACTIVATED) || (isFormButton(element) && element.form)) return undefined;
  }
  return undefined;
}

/** The elements that an event passes on its way up. */
function elementsOn(event: Event): Element[] {
  return event.composedPath().filter(isElement);
}

function isElement(node: EventTarget): node is Element {
  return "matches" in Object.getPrototypeOf(node);
}

function isForm(element: Element): element is HTMLFormElement {
  return isMatch(element, "form");
}

function isMatch(element: Element, selector: string): boolean {
  return member(element, "matches").call(element, selector);
}

function wayOfLink(element: Element): WayOut | undefined {
  const isEdited = "isContentEditable" in element && element.isContentEditable;
  if (isEdited || element.hasAttribute("download")) return undefined;
  return wayOf(element, "href", attributeOf(element, "target"));
}

function wayOfForm(form: HTMLFormElement, submitter: HTMLElement | null): WayOut | undefined {
  const says = (name: string) => submitter?.getAttribute(`form${name}`) ?? attributeOf(form, name);
  // It closes a dialog, and leads nowhere.
  if (says("method")?.toLowerCase() === "dialog") return undefined;
  const target = says("target");
  return submitter?.hasAttribute("formaction")
    ? wayOf(submitter, "formaction", target, form, submitter)
    : wayOf(form, "action", target, form, submitter);
}

function wayOf(
  element: Element,
  attribute: WayOut["attribute"],
  written: string | null,
  form?: HTMLFormElement,
  submitter: HTMLElement | null = null,
): WayOut | undefined {
  const owner = member(element, "ownerDocument");
  const base = () => member(owner, "querySelector").call(owner, "base[target]")?.getAttribute("target");
  const target = written ?? (element.namespaceURI === SVG ? svgTarget(element) : base()) ?? "";
  const view = member(owner, "defaultView");
  // What its sandbox forbids it is not ours to do.
  for (let one: Window | null = view; one && one !== window; one = one.parent) {
    if (one.frameElement?.hasAttribute("sandbox")) return undefined;
  }
  // Each property is the object's own: pages add to the prototype of all objects.
  const way = { element, attribute, target, form, submitter };
  if (view === window || /^_(?:top|blank)$/i.test(target)) return way;
  // In a frame of this page: what stays there is the frame's own.
  return view?.parent === window && /^_parent$/i.test(target) ? { ...way, target: "_self" } : undefined;
}

/** No `<base>` says anything of SVG. */
function svgTarget(element: Element): string | null {
  return member(element, "getAttributeNS").call(element, XLINK, "show") === "new" ? "_blank" : null;
}

/** Where it leads now: the page's listeners may have changed that. */
export function destinationOf({ element, attribute }: WayOut): Destination | undefined {
  const written =
    attributeOf(element, attribute) ??
    (attribute === "href" ? member(element, "getAttributeNS").call(element, XLINK, "href") : null);
  return written ? readAddress(written, member(element, "ownerDocument")) : undefined;
}

/** Reads an address as the browser does in a document, by its base and encoding. `undefined` where no session may go. */
export function readAddress(written: string, owner = document): Destination | undefined {
  const link = createElement("a", owner);
  link.href = written;
  const { href } = link;
  // http: is for trying things out on a loopback address. Elsewhere a site that has https is asked by that.
  if (link.protocol === "http:" && location.protocol === "https:" && !link.port) link.protocol = "https:";
  const isOurs = link.protocol === "https:" || link.protocol === location.protocol;
  return isOurs ? { href, secureHref: link.href, origin: link.origin } : undefined;
}
