import type { Context } from "hono";
import { toHex } from "./bytes.ts";

const ids = new WeakMap<Request, string>();

/**
 * What a request is called in the log: Cloudflare's own name for it, which the answer's `CF-Ray` header tells to whoever asked. Where
 * there is none, as in `wrangler dev`, one that is made up.
 *
 * @see https://developers.cloudflare.com/fundamentals/reference/cloudflare-ray-id/
 */
export function requestId(c: Context): string {
  const request = c.req.raw;
  const id = c.req.header("CF-Ray") ?? ids.get(request) ?? toHex(crypto.getRandomValues(new Uint8Array(8)).buffer);
  ids.set(request, id);
  return id;
}
