import type { Answer } from "./sites.ts";

export interface ShopPageOptions {
  title?: string;
  /** HTML at the end of `<head>`: the provider's script, for example. */
  head?: string;
  /** HTML after the heading. */
  body?: string;
  headers?: Record<string, string | string[]>;
}

/** A plain page such as a shop's: a heading, and whatever a test puts into it. */
export function shopPage({ title = "A shop", head = "", body = "", headers = {} }: ShopPageOptions = {}): Answer {
  return {
    headers,
    body: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>${head}</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`,
  };
}
