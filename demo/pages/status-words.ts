import type { CookieProviderStatus } from "../../client/cookie-provider.d.ts";

export type Tone = "waiting" | "good" | "partial" | "off";

export interface StatusWords {
  readonly tone: Tone;
  readonly words: string;
}

export const ASKING: StatusWords = { tone: "waiting", words: "Asking the hub for your chat" };

/** The provider's `access`, as a visitor would put it. */
export function statusWords(access: CookieProviderStatus["access"]): StatusWords {
  switch (access) {
    case "granted":
      return { tone: "good", words: "Your chat follows you between our shops" };
    case "promptable":
      return { tone: "partial", words: "Your chat stays on this shop unless you let it come along" };
    case "blocked":
      return { tone: "partial", words: "Your chat stays on this shop unless you carry it over" };
    case "unreachable":
      return { tone: "off", words: "The hub does not answer; your chat works on this shop" };
    case "untrusted":
      return { tone: "off", words: "The hub does not let this shop in; your chat works here only" };
    default:
      return { tone: "off", words: "The hub gave an answer this page does not know" };
  }
}
