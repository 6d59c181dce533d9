import { ofDocument } from "../page-document.ts";

/** Parses a URL as this page's links are: `https:`, or the page's own scheme, for http: is for trying things out on a loopback address. */
export function parseUrl(text: unknown): URL | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- URL takes anything, and throws at what is no URL.
    const url = new URL(text as string, ofDocument("baseURI"));
    if (url.protocol === "https:" || url.protocol === location.protocol) return url;
  } catch {
    // It is none.
  }
  return undefined;
}
