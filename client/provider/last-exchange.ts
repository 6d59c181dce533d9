import { ENDED_MARK } from "../../protocol/messages.ts";

/**
 * Keeps, per page origin and cookie name, what the hub gives the page to remember of their last exchange, so that a session
 * that the hub has never seen is recognised as a live chat. Where storage is switched off, it is kept for this page view only.
 */
export type LastExchange = {
  recall(): string;
  remember(memory: string): void;
  /** The chat was ended here: until the hub knows, its copy of that session would come back at the next load. */
  markEnded(): void;
};

export function createLastExchange(cookieName: string): LastExchange {
  const key = `carryover:${cookieName}`;
  let memory = "";

  function recall(): string {
    try {
      memory = localStorage.getItem(key) ?? "";
    } catch {
      // Switched off by the visitor.
    }
    return memory;
  }

  function remember(text: string): void {
    memory = text;
    try {
      localStorage.setItem(key, text);
    } catch {
      // Or full.
    }
  }

  return {
    recall,
    remember,
    markEnded: () => remember(ENDED_MARK + recall().replace(ENDED_MARK, "")),
  };
}
