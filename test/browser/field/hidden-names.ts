/** Elements whose names hide properties of `document`, as forms, frames and images with a `name` do. */

export type HiddenName = {
  readonly property: string;
  readonly html: string;
};

const asForm = (property: string) => ({ property, html: `<form name="${property}"></form>` });

export const HIDDEN_NAMES: readonly HiddenName[] = [
  asForm("cookie"),
  { property: "body", html: `<iframe name="body" title="hides" srcdoc=""></iframe>` },
  asForm("referrer"),
  { property: "createElement", html: `<img name="createElement" alt="">` },
  asForm("baseURI"),
  asForm("documentElement"),
  asForm("currentScript"),
  asForm("addEventListener"),
  asForm("visibilityState"),
  asForm("prerendering"),
  { property: "head", html: `<embed name="head">` },
];

/** Every property of a document that an element can hide. */
export const HIDE_EVERYTHING = `<script>
  for (let proto = Document.prototype; proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
    for (const name of Object.getOwnPropertyNames(proto)) {
      const form = Document.prototype.createElement.call(document, "form");
      form.setAttribute("name", name);
      Object.getOwnPropertyDescriptor(Document.prototype, "body").get.call(document).append(form);
    }
  }
</script>`;
