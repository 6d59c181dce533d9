import type { MintRequest, RedeemRequest } from "../../protocol/handoff.ts";
import { isSessionValue } from "../../protocol/hub-cookie.ts";
import { fieldsOf } from "../../protocol/messages.ts";
import type { LoadRequest } from "../../session/frame.ts";
import { handoffPath, redeemPath } from "../../protocol/routes.ts";

/** Carries sessions over links, by one-time codes (protocol/handoff.ts). What cannot be had is `""`: the link goes without it. */
export type Handoff = {
  /** A code for a session on its way to an origin. */
  mint(session: string, to: string): Promise<string>;
  /** The session that a page's link has brought. Of several codes, the page's own is the one that its cookie name opens. */
  redeem(request: LoadRequest): Promise<string>;
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
    mint: (session, to) => post(handoffPath(tenant), { name, session, from: pageOrigin, to }),
    async redeem({ codes, arrived, ...by }) {
      if (Array.isArray(arrived)) {
        const ours = arrived.map(fieldsOf).find((one) => one["tenant"] === tenant && one["name"] === name);
        return isSessionValue(ours?.["session"]) ? ours["session"] : "";
      }
      const claim = typeof by.claim === "string" ? by.claim : undefined;
      const cameBy = typeof by.referrer === "string" ? by.referrer : referrer;
      for (const code of codes.split(".")) {
        const session = await post(redeemPath(tenant), { code, name, to: pageOrigin, referrer: cameBy, claim });
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
