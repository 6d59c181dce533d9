import { parseUrl } from "../provider/parse-url.ts";

/** The link or form that an event leads away by, and where that has its address. */
export type WayOut = { readonly element: HTMLElement; readonly attribute: "href" | "action" | "formaction" };

const MIDDLE_BUTTON = 1;

export function findWayOut(event: Event): WayOut | undefined {
  const { target } = event;
  let element: EventTarget | null | undefined;
  let attribute: WayOut["attribute"] = "href";
  if (event instanceof SubmitEvent) {
    const { submitter } = event;
    const isOfButton = submitter?.hasAttribute("formaction");
    element = isOfButton ? submitter : target;
    attribute = isOfButton ? "formaction" : "action";
  } else if (event instanceof MouseEvent && event.button <= MIDDLE_BUTTON) {
    // The other buttons open menus.
    element = event.composedPath().find((one) => one instanceof Element && one.matches(":is(a, area)[href]"));
  }
  return element instanceof HTMLElement && !element.hasAttribute("download") ? { element, attribute } : undefined;
}

/** Where it leads now: the page's listeners may have changed that. */
export function destinationOf({ element, attribute }: WayOut): URL | undefined {
  const written = element.getAttribute(attribute);
  return written ? parseUrl(written) : undefined;
}
