import type { MintRequest, RedeemRequest } from "../../protocol/handoff.ts";
import { isSessionValue } from "../../protocol/hub-cookie.ts";
import { fieldsOf } from "../../protocol/messages.ts";
import { HANDOFF_PATH, REDEEM_PATH } from "../../protocol/routes.ts";

/** Carries sessions over links, by one-time codes (protocol/handoff.ts). What cannot be had is `""`: the link goes without it. */
export type Handoff = {
  /** A code for a session on its way to an origin. */
  mint(session: string, to: string): Promise<string>;
  /**
   * @param codes joined by dots: of several, the page's own is the one that its cookie name opens
   * @param arrived what the page has redeemed them for already (`Arrived[]`); anything else: it could not
   */
  redeem(codes: string, arrived: unknown): Promise<string>;
};

/** Longer than a page waits for its session. */
const TIMEOUT_MS = 10_000;

export type HandoffPlace = {
  readonly tenant: string;
  readonly name: string;
  readonly pageOrigin: string;
  /** Origin of the page's referrer; `""` without one. */
  readonly referrer: string;
};

export function createHandoff({ tenant, name, pageOrigin, referrer }: HandoffPlace): Handoff {
  return {
    mint: (session, to) => post(HANDOFF_PATH, { name, session, from: pageOrigin, to }),
    async redeem(codes, arrived) {
      if (Array.isArray(arrived)) {
        const ours = arrived.map(fieldsOf).find((one) => one["tenant"] === tenant && one["name"] === name);
        return isSessionValue(ours?.["session"]) ? ours["session"] : "";
      }
      for (const code of codes.split(".")) {
        const session = await post(REDEEM_PATH, { code, name, to: pageOrigin, referrer });
        if (isSessionValue(session)) return session;
      }
      return "";
    },
  };
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
