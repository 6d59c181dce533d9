import { parseUrl } from "../parse-url.ts";

/** The link or form that an event leads away by, and where that has its address. */
export type WayOut = { readonly element: HTMLElement; readonly attribute: "href" | "action" | "formaction" };

const MIDDLE_BUTTON = 1;

/** What takes a click for itself inside a link. */
const ACTIVATED = "input, label, summary";

export function findWayOut(event: Event): WayOut | undefined {
  if (event instanceof SubmitEvent) return event.isTrusted ? findForm(event) : undefined;
  // The other buttons open menus.
  if (!(event instanceof MouseEvent) || event.button > MIDDLE_BUTTON) return undefined;
  const path = event.composedPath().filter((one) => one instanceof Element);
  const link = path.find((one) => one.matches(":is(a, area)[href]"));
  if (!(link instanceof HTMLElement) || link.hasAttribute("download") || link.isContentEditable) return undefined;
  if (path.slice(0, path.indexOf(link)).some((one) => one.matches(ACTIVATED))) return undefined;
  return { element: link, attribute: "href" };
}

function findForm({ submitter, target }: SubmitEvent): WayOut | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  const method = submitter?.getAttribute("formmethod") ?? Element.prototype.getAttribute.call(target, "method");
  // It closes a dialog, and leads nowhere.
  if (method?.toLowerCase() === "dialog") return undefined;
  if (submitter?.hasAttribute("formaction")) return { element: submitter, attribute: "formaction" };
  return { element: target, attribute: "action" };
}

/** Where it leads now: the page's listeners may have changed that. */
export function destinationOf({ element, attribute }: WayOut): URL | undefined {
  // By the prototype: a field of a form may be called `getAttribute`.
  const written = Element.prototype.getAttribute.call(element, attribute);
  return written ? parseUrl(written) : undefined;
}
