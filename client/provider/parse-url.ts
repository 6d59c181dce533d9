import { ofDocument } from "../page-document.ts";

/** As much of a URL as is needed. */
export type HubUrl = Pick<HTMLAnchorElement, "href" | "origin" | "pathname">;

/**
 * Parses a URL as this page's links are: `https:`, or the page's own scheme, for http: is for trying things out on a loopback address. By a
 * link, for pages have a `URL` of their own.
 */
export function parseUrl(text: unknown): HubUrl | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of overloads, `call` knows the last only
  const link = ofDocument("createElement").call(document, "a") as HTMLAnchorElement;
  link.href = String(text);
  const { protocol } = link;
  // A URL that is none has the protocol ":".
  return protocol === "https:" || protocol === location.protocol ? link : undefined;
}
