import type { PageState } from "../../protocol/messages.ts";

/**
 * Remembers, per page origin and cookie name, what was last exchanged with the hub, so that a session that the hub has never
 * seen is recognised as a live chat. Where storage is switched off, it is remembered for this page view only.
 */
export type LastExchange = {
  recall(): Omit<PageState, "session">;
  /** @param digest of the session, as the hub gave it; `null` forgets */
  remember(digest: string | null): void;
  /** The chat was ended here: until the hub knows, its copy of that session would come back at the next load. */
  markEnded(): void;
};

/** Put before a digest, which is base64 and has none. */
const ENDED = "-";

export function createLastExchange(cookieName: string): LastExchange {
  const key = `carryover:${cookieName}`;
  let memory = "";

  function access(text?: string): string {
    memory = text ?? memory;
    try {
      if (text !== undefined) localStorage.setItem(key, text);
      memory = localStorage.getItem(key) ?? "";
    } catch {
      // Switched off by the visitor, or full.
    }
    return memory;
  }

  return {
    recall: () => ({ lastDigest: access().replace(ENDED, "") || null, ended: memory.startsWith(ENDED) }),
    remember: (digest) => void access(digest ?? ""),
    markEnded() {
      const digest = access().replace(ENDED, "");
      if (digest) access(ENDED + digest);
    },
  };
}
