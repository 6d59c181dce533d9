import type { Html, Script } from "./read-html.ts";

/** The provider's script as a page includes it. */
export type FoundScript = {
  /** The element that loads it; for a module, the inline script that imports it. */
  readonly element: Script;
  readonly url: URL;
  /** The version, of an address that names one. */
  readonly version?: string | undefined;
  readonly isModule: boolean;
};

const PATH = /^(?:\/v\/([^/]+))?\/cookie-provider(?:\.min\.js|\.mjs)$/;
const FILE = /\/cookie-provider(?:\.min\.js|\.mjs)$/;
const IMPORT = /["'](https?:\/\/[^"'\s]+\/cookie-provider\.mjs)["']/g;

/** First and second argument of the constructor or the extension, where the second is written out. */
const ARGUMENTS = /\b(?:CookieProvider|initCookieProviderExtension)\(\s*[^,()]+,\s*(["'`])(.*?)\1/g;

/** The scripts of the provider that the HTML loads, from the hub and from elsewhere. */
export function findScripts(html: Html, page: URL, hub: URL): { fromHub: FoundScript[]; fromElsewhere: URL[] } {
  const fromHub: FoundScript[] = [];
  const fromElsewhere: URL[] = [];
  const base = baseOf(html, page);
  for (const element of html.scripts.filter(isJavaScript)) {
    const { src } = element.attributes;
    const written = src === undefined ? [...element.text.matchAll(IMPORT)].map(([, url = ""]) => url) : [src];
    for (const url of written.filter((text) => URL.canParse(text, base.href)).map((text) => new URL(text, base))) {
      const path = url.origin === hub.origin ? PATH.exec(url.pathname) : null;
      if (path) fromHub.push({ element, url, version: path[1], isModule: url.pathname.endsWith(".mjs") });
      else if (FILE.test(url.pathname)) fromElsewhere.push(url);
    }
  }
  return { fromHub, fromElsewhere };
}

/** What relative URLs of the page are relative to. */
export function baseOf({ base }: Html, page: URL): URL {
  return base !== undefined && URL.canParse(base, page.href) ? new URL(base, page) : page;
}

/** The addresses of hub pages that inline scripts hand to the provider. */
export function findIframeUrls(html: Html): string[] {
  const inline = html.scripts.filter((script) => isJavaScript(script) && script.attributes["src"] === undefined);
  return inline.flatMap(({ text }) => [...text.matchAll(ARGUMENTS)].map(([, , url = ""]) => url));
}

/** As the provider sees it: a module does not know its own element. */
export function isPinned({ element, isModule }: FoundScript): boolean {
  return !isModule && element.attributes["integrity"] !== undefined;
}

function isJavaScript({ attributes: { type = "" } }: Script): boolean {
  return /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i.test(type.trim());
}
