import type { LaunchOptions } from "./browser.ts";

const BLOCK_THIRD_PARTY_COOKIES = 1;
const ALLOW_THIRD_PARTY_COOKIES = 0;
const ALLOWED = 1;
const REFUSED = 2;

/**
 * The `Default/Preferences` file of a profile in which the visitor has made up their mind.
 * Builds differ in their default for third-party cookies (Debian's blocks them), so it is always written out.
 */
export function chromiumPreferences({
  policy,
  grants = [],
  hubOrigin,
}: Pick<LaunchOptions, "policy" | "grants" | "hubOrigin">): object {
  const answered = policy === "grant" || policy === "deny";
  if (answered !== grants.length > 0)
    throw new TypeError(
      `grants: the shops a visitor has answered for, with "grant" and "deny" only (policy is "${policy}").`,
    );
  // What Chromium itself stores after the prompt.
  const decisions = grants.map((shop) => [
    `${sitePattern(hubOrigin)},${sitePattern(shop)}`,
    { last_modified: chromiumTime(Date.now()), setting: policy === "grant" ? ALLOWED : REFUSED },
  ]);
  return {
    profile: {
      cookie_controls_mode: policy === "allow" ? ALLOW_THIRD_PARTY_COOKIES : BLOCK_THIRD_PARTY_COOKIES,
      content_settings: { exceptions: { storage_access: Object.fromEntries(decisions) } },
    },
  };
}

function sitePattern(origin: string): string {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//[*.]${hostname}`;
}

/** Microseconds since 1601. */
function chromiumTime(unixMs: number): string {
  return String((BigInt(unixMs) + 11_644_473_600_000n) * 1000n);
}
