import type { WayOut } from "./way-out.ts";

/** Attributes of a link that say how the browser follows it. Not `ping`, which would report the address, code included. */
const FOLLOWED = ["target", "rel", "referrerpolicy"];

/** Whether the browser does nothing but follow the link: in this tab or in one that the link names. */
export function isPlainClick(event: Event): event is MouseEvent {
  return (
    event instanceof MouseEvent &&
    event.type === "click" &&
    !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
  );
}

/**
 * Follows a link to another address, by one of our own that is in no document: no listener of the page reads the address, and
 * none can stop it.
 */
export function followInstead({ element }: WayOut, { detail }: MouseEvent, href: string): void {
  const link = document.createElement("a");
  for (const name of FOLLOWED) {
    const value = element.getAttribute(name);
    if (value !== null) link.setAttribute(name, value);
  }
  link.href = href;
  link.dispatchEvent(new MouseEvent("click", { cancelable: true, view: window, detail }));
}

/**
 * Prepares to change the address for as long as the browser reads it. Called as an event begins, so that the address is put back
 * before any timer that a listener sets.
 *
 * @returns what changes it, at the end of the event
 */
export function prepareChange({ element, attribute }: WayOut): (href: string) => void {
  let putBack = () => {};
  setTimeout(() => putBack());
  return (href) => {
    const written = [attribute, "ping"].map((name) => [name, element.getAttribute(name)] as const);
    putBack = () => {
      for (const [name, value] of written) if (value !== null) element.setAttribute(name, value);
    };
    element.removeAttribute("ping");
    element.setAttribute(attribute, href);
  };
}
