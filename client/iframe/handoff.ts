/** Sessions are carried over links by one-time codes (protocol/handoff.ts). What cannot be had is `""`: the link goes without it. */
import type { MintRequest, RedeemRequest } from "../../protocol/handoff.ts";
import { isSessionValue } from "../../protocol/hub-cookie.ts";
import { fieldsOf } from "../../protocol/messages.ts";
import { REDEEM_PATH } from "../../protocol/routes.ts";
import type { LoadRequest } from "../../session/frame.ts";

/** Longer than a page waits for its session. */
const TIMEOUT_MS = 10_000;

/** The session that a page's link has brought. Of several codes, the page's own is the one that its cookie name opens. */
export async function redeem(
  { codes, arrived, ...by }: LoadRequest,
  tenant: string,
  name: string,
  to: string,
  /** Origin of the page's referrer; `""` without one. */
  itsReferrer: string,
): Promise<string> {
  if (Array.isArray(arrived)) {
    const ours = arrived.map(fieldsOf).find((one) => one["tenant"] === tenant && one["name"] === name);
    return isSessionValue(ours?.["session"]) ? ours["session"] : "";
  }
  const claim = typeof by.claim === "string" ? by.claim : undefined;
  const referrer = typeof by.referrer === "string" ? by.referrer : itsReferrer;
  for (const code of codes.split(".")) {
    const session = await post(REDEEM_PATH, { code, name, to, referrer, claim });
    if (isSessionValue(session)) return session;
  }
  return "";
}

/** Asks the hub for a code or a session; `""` is a refusal, or no answer. */
export async function post(path: string, request: MintRequest | RedeemRequest): Promise<string> {
  try {
    const response = await fetch(path, {
      method: "POST",
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? String(await response.json()) : "";
  } catch {
    return "";
  }
}
