import type { HandoffContext } from "./admit.ts";

/**
 * The network that a client is in, by its number among autonomous systems; `""` where Cloudflare does not tell. An address would
 * say more, but those of one browser differ within a minute: IPv4 and IPv6, carriers' gateways, relays.
 *
 * @see https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties
 */
export function clientNetwork(c: HandoffContext): string {
  const asn = c.req.raw.cf?.["asn"];
  return typeof asn === "number" ? String(asn) : "";
}
