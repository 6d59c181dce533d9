import { isPage, ofDocument } from "../page-document.ts";

/** Pending while the page is only rendered in advance: nothing is asked, written or shown before a visitor sees it. */
export const activated =
  isPage && ofDocument("prerendering")
    ? new Promise((resolve) => addEventListener("prerenderingchange", resolve, true))
    : undefined;
