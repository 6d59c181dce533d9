import { member } from "./members.ts";

/** Not on a server, where modules are imported all the same. */
export const isPage = typeof document === "object";

/**
 * What `document` has by its own prototype: an element that is named like a property hides it, such as a form named `cookie`.
 *
 * @see https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return member(document, name);
}

declare global {
  interface Document {
    /** Chromium's, of a page that is loaded before the visitor goes there. */
    readonly prerendering?: boolean;
  }
}
