import { type DefaultTreeAdapterTypes as Tree, defaultTreeAdapter, parse } from "parse5";

export type Script = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly isInHead: boolean;
  /** Place among the elements of the page. */
  readonly index: number;
  /** Of an inline script. */
  readonly text: string;
};

/** What a page's HTML says of itself, before any script has run. */
export type Html = {
  readonly scripts: readonly Script[];
  /** `<meta http-equiv="Content-Security-Policy">`. Each governs what comes after it. */
  readonly policies: readonly { readonly content: string; readonly index: number }[];
  /** `<meta name="referrer">`, in order. */
  readonly referrers: readonly string[];
  /** `<base href>` */
  readonly base?: string | undefined;
};

export function readHtml(text: string): Html {
  const scripts: Script[] = [];
  const policies: { content: string; index: number }[] = [];
  const referrers: string[] = [];
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
      } else if (node.tagName === "base") {
        base ??= attributes["href"];
      } else if (node.tagName === "meta") {
        // In a body browsers ignore it.
        if (isInHead && attributes["http-equiv"]?.toLowerCase() === "content-security-policy")
          policies.push({ content, index });
        if (attributes["name"]?.toLowerCase() === "referrer") referrers.push(content);
      }
      visit(node, isInHead || node.tagName === "head");
    }
  }

  visit(parse(text), false);
  return { scripts, policies, referrers, base };
}
