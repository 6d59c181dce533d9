import { type DefaultTreeAdapterTypes, parse } from "parse5";

type Element = DefaultTreeAdapterTypes.Element;

/** Elements and attribute names of a page, in order: text that became markup would show. Lists are as long as they like. */
export function shapeOf(html: string): string {
  const shape = elementsOf(html).map(({ tagName, attrs }) => `${tagName}(${attrs.map(({ name }) => name).join()})`);
  return shape.join(" ");
}

/** Where the page's links lead to. */
export function linksOf(html: string): string[] {
  return elementsOf(html)
    .filter(({ tagName }) => tagName === "a")
    .flatMap(({ attrs }) => attrs.filter(({ name }) => name === "href").map(({ value }) => value));
}

function elementsOf(html: string): Element[] {
  const found: Element[] = [];
  const collect = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("tagName" in node) found.push(node);
    if ("childNodes" in node) node.childNodes.forEach(collect);
  };
  collect(parse(html));
  return found;
}
