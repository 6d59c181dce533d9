/** Not on a server, where modules are imported all the same. */
export const isPage = typeof document === "object";

/**
 * What `document` has by its own prototype. An element that is named like a property hides it: a form named `cookie`, an image named
 * `createElement`.
 *
 * @see https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  return Reflect.get(Document.prototype, name, document);
}

declare global {
  interface Document {
    /** Chromium's, of a page that is loaded before the visitor goes there. */
    readonly prerendering?: boolean;
  }
}
