import { takeCodes } from "../../protocol/fragment.ts";

/** The origin of what this module has let go without a code: the browser announces that, too. */
let passing: string | undefined;

export function letPass(origin: string): void {
  passing = origin;
}

/** Whether the page's document is about to be left. */
export function isDeparture(event: Event): event is NavigateEvent {
  return isNavigate(event) && event.downloadRequest === null && !event.destination.sameDocument;
}

function isNavigate(event: Event): event is NavigateEvent {
  // Scripts make events of any type.
  return event.isTrusted && event.type === "navigate";
}

/** Whether a script of the page leads it away, to an address without a code, in a way that can be put off and repeated. */
export function isScripted(event: NavigateEvent): boolean {
  const { cancelable, destination, formData, navigationType, userInitiated } = event;
  const [, hash = ""] = destination.url.split("#");
  return (
    cancelable &&
    !userInitiated &&
    !formData &&
    (navigationType === "push" || navigationType === "replace") &&
    !takeCodes(`#${hash}`)[0]
  );
}

/** Whether it is what `letPass` has announced. */
export function passes(origin: string): boolean {
  const isPassing = passing === origin;
  passing = undefined;
  return isPassing;
}
