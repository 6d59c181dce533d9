import type { WayOut } from "./way-out.ts";

/** Attributes of a link that say how the browser follows it. Not `ping`, which would report the address, code included. */
const FOLLOWED = ["target", "rel", "referrerpolicy"];

/** Whether the browser does nothing but follow the link, in this tab or in one that the link names, and can be kept from it. */
export function isPlainClick(event: Event): event is MouseEvent {
  return (
    event instanceof MouseEvent &&
    event.type === "click" &&
    event.cancelable &&
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
 * Takes what a form is to send now, and returns what sends it to another address: by a form of our own. So no listener of the page
 * reads that address, and whatever the page does to its form meanwhile, such as disabling the button, changes nothing.
 */
export function prepareForm({ submitter, target }: SubmitEvent): ((href: string) => void) | undefined {
  if (!(target instanceof HTMLFormElement)) return undefined;
  const form = document.createElement("form");
  for (const name of SENT) {
    // By the prototype: a field of the form may be called like a method.
    const value = submitter?.getAttribute(`form${name}`) ?? Element.prototype.getAttribute.call(target, name);
    if (value !== null) form.setAttribute(name, value);
  }
  const inputs = [...entriesOf(target, submitter)].map(([name, value]) => createInput(name, value));
  return (href) => {
    form.setAttribute("action", href);
    form.append(...inputs);
    // A form must be in the document to be sent. In a closed shadow tree the page sees neither it nor its `formdata` event.
    const host = document.createElement("div");
    host.hidden = true;
    host.attachShadow({ mode: "closed" }).append(form);
    document.documentElement.append(host);
    HTMLFormElement.prototype.submit.call(form);
    host.remove();
  };
}

function entriesOf(form: HTMLFormElement, submitter: HTMLElement | null): FormData {
  try {
    return new FormData(form, submitter);
  } catch {
    // The page has taken the button away already.
    const entries = new FormData(form);
    const [name, value] = ["name", "value"].map((attribute) => submitter?.getAttribute(attribute) ?? "");
    if (name) entries.append(name, value ?? "");
    return entries;
  }
}

/** Attributes that say how a form is sent; its button may have each, with `form` in front. */
const SENT = ["method", "enctype", "target", "accept-charset", "rel"];

function createInput(name: string, value: FormDataEntryValue): HTMLElement {
  const isFile = value instanceof File;
  const input = document.createElement(isFile ? "input" : "textarea");
  input.name = name;
  if (isFile) {
    Object.assign(input, { type: "file" });
    const files = new DataTransfer();
    if (value.name) files.items.add(value);
    if (input instanceof HTMLInputElement) input.files = files.files;
  } else {
    input.value = value;
  }
  return input;
}

/**
 * Prepares to change the address of a link for as long as the browser reads it. Called as an event begins, so that the address is
 * put back before anything that a listener puts off.
 *
 * @returns what changes it, at the end of the event
 */
export function prepareChange({ element }: WayOut): (href: string) => void {
  let putBack = () => {};
  // Whichever comes first.
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = () => putBack();
  port1.postMessage(null);
  setTimeout(() => putBack());
  requestAnimationFrame(() => putBack());
  return (href) => {
    const written = ["href", "ping"].map((name) => [name, element.getAttribute(name)] as const);
    putBack = () => {
      for (const [name, value] of written) if (value !== null) element.setAttribute(name, value);
      putBack = () => {};
    };
    element.removeAttribute("ping");
    element.setAttribute("href", href);
  };
}
