/**
 * What `document` has by its own prototype. An element that is named like a property hides it: a form named `cookie`, an image named
 * `createElement`.
 *
 * @see https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem
 */
export function ofDocument<Name extends keyof Document>(name: Name): Document[Name] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the prototype has is what the type says
  return Reflect.get(Document.prototype, name, document) as Document[Name];
}

declare global {
  interface Document {
    /** Chromium's, of a page that is loaded before the visitor goes there. */
    readonly prerendering?: boolean;
  }
}
