import { putCodes } from "../../protocol/fragment.ts";
import { HANDOFF_PATH } from "../../protocol/routes.ts";
import { post } from "../iframe/handoff.ts";
import type { HubCookies } from "./hub-cookies.ts";

/** The visitor has clicked, and waits. */
const PATIENCE_MS = 3000;

/** The address with a handoff code for each session of the tenant that the hub's cookies hold; without, where none comes in time. */
export async function withSessions(hub: HubCookies, href: string): Promise<string> {
  const url = new URL(href);
  const minting = hub.names().map((name) => {
    const session = hub.session(name);
    const request = { name, session: session ?? "", from: location.origin, to: url.origin };
    return session === undefined ? Promise.resolve("") : post(HANDOFF_PATH, request);
  });
  const late = new Promise<string[]>((resolve) => setTimeout(resolve, PATIENCE_MS, []));
  const codes = await Promise.race([Promise.all(minting), late]);
  url.hash = putCodes(url.hash, codes.filter(Boolean).join("."));
  return url.href;
}
