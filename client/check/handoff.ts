import type { TrustedOrigin } from "../../protocol/origins.ts";
import { HANDOFF_PATH, REDEEM_PATH } from "../../protocol/routes.ts";
import { post } from "../iframe/handoff.ts";
import type { Finding } from "./finding.ts";
import type { Where } from "./where.ts";

const NAME = "carryover-check";
const REFERRER_REMEDY = "Referrer-Policy strict-origin-when-cross-origin, the browsers' default, or strict-origin.";

/** Makes a code for a link from this site to another of the tenant's, and redeems it as that site would. */
export async function findHandoff(isOn: boolean, { site }: Where, trusted: readonly TrustedOrigin[]): Promise<Finding> {
  const rung = "Links";
  if (!isOn) {
    return {
      rung,
      verdict: "limited",
      found: "The tenant has switched handoff off.",
      remedy: 'Set "handoff": true in its document.',
    };
  }
  if (!site) {
    return {
      rung,
      verdict: "limited",
      found: "The site sends no referrer. Links carry the chat all the same, which could not be tried; forms do not.",
      remedy: REFERRER_REMEDY,
    };
  }
  const to = trusted.map((one) => one.replace("*.", "carryover-check.")).find((one) => one !== site);
  if (to === undefined)
    return { rung, verdict: "limited", found: "The tenant has no second domain that a link could lead to." };
  const session = Math.random().toString(36).slice(2);
  const code = await post(HANDOFF_PATH, { name: NAME, session, from: site, to });
  const redeemed = code && (await post(REDEEM_PATH, { code, name: NAME, to, referrer: site }));
  if (redeemed !== session) {
    return {
      rung,
      verdict: "bad",
      found: code ? "A code was made, and gave no session back." : "The hub made no code for a link.",
      remedy: "The hub's operator finds the reason in the log, at a line that begins with “handoff”.",
    };
  }
  const found = `A code for a link to ${to} was made, and gave the session back.`;
  if (!document.referrer) {
    return {
      rung,
      verdict: "limited",
      found: `${found} The site sends no referrer: its forms arrive without the chat.`,
      remedy: REFERRER_REMEDY,
    };
  }
  return { rung, verdict: "good", found };
}
