import type { Context } from "hono";
import { answerText } from "./answers.ts";
import { clientAddress } from "./client-address.ts";
import { log } from "./log.ts";

/** The period of the limits in wrangler.toml. */
const PERIOD_SECONDS = 60;

/**
 * Whether a client address has not made too many requests to this tenant. Tenants are counted apart, so that a page of one
 * cannot use up what its visitor, or everyone behind the visitor's address, needs at another. Call it once the tenant is found:
 * made-up tenants must not get counters. `POST /redeem` names no tenant, and is counted by address only. A limiter that
 * fails lets everybody through: no chat waits for it.
 *
 * @param limit one of the rate limits of wrangler.toml, which counts by Cloudflare location
 * @param what the log is told has failed
 * @see https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 */
export async function isWithinRate(c: Context, limit: RateLimit, what: string): Promise<boolean> {
  try {
    const address = clientAddress(c.req.header("CF-Connecting-IP"));
    const { success } = await limit.limit({ key: `${c.req.param("tenant") ?? ""} ${address}` });
    return success;
  } catch (error) {
    const reason = `${what}: rate limit: ${error instanceof Error ? error.message : String(error)}`;
    log(c, { event: "failed", status: 200, reason });
    return true;
  }
}

/** `429`, and when to come again. */
export function answerTooManyRequests(c: Context, what: string, readable: Record<string, string> = {}): Response {
  log(c, { event: "refused", status: 429, reason: `${what}: too many requests` });
  const headers = { "Retry-After": String(PERIOD_SECONDS), ...readable };
  return answerText(c, 429, "Too many requests from this address: try again in a minute.", headers);
}
