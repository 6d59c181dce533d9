import { type DefaultTreeAdapterTypes as Tree, defaultTreeAdapter, parse } from "parse5";

export type Script = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly isInHead: boolean;
  /** Place among the elements of the page. */
  readonly index: number;
  /** Of an inline script. */
  readonly text: string;
};

export type Link = { readonly href: string; readonly rel: string; readonly referrerPolicy: string };

/** What a page's HTML says of itself, before any script has run. */
export type Html = {
  readonly scripts: readonly Script[];
  /** `<meta http-equiv="Content-Security-Policy">`. Each governs what comes after it. */
  readonly policies: readonly { readonly content: string; readonly index: number }[];
  /** `<meta name="referrer">`, in order. */
  readonly referrers: readonly string[];
  /** Of each `<meta name>`. */
  readonly metaNames: readonly string[];
  readonly links: readonly Link[];
  /** Names of elements by which these hide a property of `document` that scripts use. */
  readonly hiddenNames: readonly string[];
  /** `<base href>` */
  readonly base?: string | undefined;
};

/** Elements that `document` has as properties by their names. @see https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem-filter */
const NAMED_ELEMENTS = new Set(["embed", "form", "iframe", "img", "object"]);

/** The properties that scripts of all kinds use. An element can hide each property but `location`. */
const USED_PROPERTIES = new Set(
  "activeElement addEventListener append baseURI body cookie createElement createTextNode currentScript defaultView dispatchEvent documentElement domain fonts forms getElementById getElementsByClassName getElementsByTagName head hidden images implementation importNode links prerendering querySelector querySelectorAll readyState referrer removeEventListener scripts title URL visibilityState write".split(
    " ",
  ),
);

export function readHtml(text: string): Html {
  const scripts: Script[] = [];
  const policies: { content: string; index: number }[] = [];
  const referrers: string[] = [];
  const metaNames: string[] = [];
  const links: Link[] = [];
  const hiddenNames = new Set<string>();
  let base: string | undefined;
  let index = 0;

  function visit(parent: Tree.ParentNode, isInHead: boolean): void {
    for (const node of parent.childNodes) {
      if (!defaultTreeAdapter.isElementNode(node)) continue;
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      const { content = "" } = attributes;
      index++;
      if (node.tagName === "script") {
        const text = node.childNodes.map((child) => ("value" in child ? child.value : "")).join("");
        scripts.push({ attributes, isInHead, index, text });
      } else if (node.tagName === "a" || node.tagName === "area") {
        const { href, rel = "", referrerpolicy: referrerPolicy = "" } = attributes;
        if (href !== undefined) links.push({ href, rel, referrerPolicy });
      } else if (node.tagName === "base") {
        base ??= attributes["href"];
      } else if (node.tagName === "meta") {
        // In a body browsers ignore it.
        if (isInHead && attributes["http-equiv"]?.toLowerCase() === "content-security-policy")
          policies.push({ content, index });
        const { name } = attributes;
        if (name !== undefined) metaNames.push(name);
        if (name?.toLowerCase() === "referrer") referrers.push(content);
      }
      const { name = "" } = attributes;
      if (NAMED_ELEMENTS.has(node.tagName) && USED_PROPERTIES.has(name)) hiddenNames.add(name);
      visit(node, isInHead || node.tagName === "head");
    }
  }

  visit(parse(text), false);
  return { scripts, policies, referrers, metaNames, links, hiddenNames: [...hiddenNames], base };
}
