import type { Context } from "hono";
import { answerText } from "./answers.ts";
import { log } from "./log.ts";
import type { TenantFailure } from "./tenant-store.ts";

/** The provider asks with `fetch` why its iframe stays silent, and tells the integrator what it reads. */
const READABLE = { "Access-Control-Allow-Origin": "*" };

/**
 * Turns a reason, whose details are in the log, into the few generic answers that go out on the wire.
 *
 * @param readable headers that let the page read them
 */
export function answerTenantFailure(
  c: Context,
  reason: TenantFailure,
  readable: Record<string, string> = READABLE,
): Response {
  switch (reason) {
    case "unknown":
      log(c, { event: "refused", status: 404, reason: "no such tenant" });
      return answerText(c, 404, "This hub has no such tenant: check the tenant's name in the iframe URL.", readable);
    case "malformed":
      return answerText(
        c,
        500,
        "This tenant's settings cannot be read: the hub's operator finds the reason in the log.",
        readable,
      );
    case "unavailable":
      return answerText(c, 503, "This hub cannot read its settings just now: try again shortly.", {
        ...readable,
        "Retry-After": "30",
      });
  }
}
