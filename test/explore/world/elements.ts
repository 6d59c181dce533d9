/** The few elements that the scripts make. A frame that is put into the page loads. */
import type { Browser } from "./browser.ts";
import type { BrowsingContext, SimulatedDocument } from "./browsing-context.ts";
import { EventTargetDouble } from "./events.ts";
import { type WindowProxyDouble, viewWindow } from "./window-proxy.ts";

export class ElementDouble extends EventTargetDouble {
  readonly style: Record<string, unknown> = {};
  readonly tagName: string;
  readonly #attributes = new Map<string, string>();
  protected parent: ContainerDouble | undefined;

  constructor(tagName: string) {
    super();
    this.tagName = tagName;
  }

  get isConnected(): boolean {
    return this.parent !== undefined;
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  insertInto(parent: ContainerDouble): void {
    this.parent = parent;
    parent.children.add(this);
  }

  remove(): void {
    this.parent?.children.delete(this);
    this.parent = undefined;
  }
}

export class FrameElement extends ElementDouble {
  src = "";
  name = "";
  readonly #browser: Browser;
  readonly #document: SimulatedDocument;
  #context: BrowsingContext | undefined;

  constructor(browser: Browser, document: SimulatedDocument) {
    super("IFRAME");
    this.#browser = browser;
    this.#document = document;
  }

  get contentWindow(): WindowProxyDouble | null {
    return this.#context ? viewWindow(this.#browser, this.#document, this.#context) : null;
  }

  override setAttribute(name: string, value: string): void {
    super.setAttribute(name, value);
    if (name === "src") this.src = value;
    if (name === "name") this.name = value;
  }

  override insertInto(parent: ContainerDouble): void {
    this.remove();
    super.insertInto(parent);
    this.#context = this.#browser.openFrame(this.#document, this);
  }

  override remove(): void {
    super.remove();
    if (this.#context) this.#browser.close(this.#context);
    this.#context = undefined;
  }
}

/** By which scripts read addresses. */
export class AnchorElement extends ElementDouble {
  readonly #base: URL;
  #url: URL;

  constructor({ url }: SimulatedDocument) {
    super("A");
    this.#base = url;
    this.#url = url;
  }

  get href(): string {
    return this.#url.href;
  }

  set href(written: string) {
    this.#url = new URL(written, this.#base);
  }

  get protocol(): string {
    return this.#url.protocol;
  }

  get port(): string {
    return this.#url.port;
  }

  get pathname(): string {
    return this.#url.pathname;
  }

  get origin(): string {
    return this.#url.origin;
  }
}

/** `<html>`, `<head>` and `<body>`. */
export class ContainerDouble extends ElementDouble {
  readonly children = new Set<ElementDouble>();

  append(...elements: ElementDouble[]): void {
    for (const element of elements) element.insertInto(this);
  }

  appendChild(element: ElementDouble): ElementDouble {
    this.append(element);
    return element;
  }

  contains(element: ElementDouble): boolean {
    return this.children.has(element);
  }
}

export function createElement(browser: Browser, document: SimulatedDocument, tagName: string): ElementDouble {
  switch (tagName.toLowerCase()) {
    case "iframe":
      return new FrameElement(browser, document);
    case "a":
      return new AnchorElement(document);
    default:
      return new ElementDouble(tagName);
  }
}
