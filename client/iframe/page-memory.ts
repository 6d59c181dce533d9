import { ENDED_MARK } from "../../protocol/messages.ts";

/** What a page keeps for the iframe between its visits. Digests, so that a session is in no second place. */
export type PageMemory = {
  /** Digest of the session that was last exchanged with the hub cookie; `""` with none. */
  readonly shared: string;
  /** Digest of the session that last came or went by handoff, which the hub cookie may never have held. */
  readonly handed: string;
  /** The chat was ended on the page, and the hub has not confirmed that it knows. */
  readonly ended: boolean;
};

/** What a page remembers when nothing is left to remember; not `""`, which would leave it as it is. */
export const NOTHING_SHARED = ENDED_MARK;

/** Neither this nor the mark is in base64. */
const SEPARATOR = "~";

export function parseMemory(text: string): PageMemory {
  const [shared = "", handed = ""] = text.replace(ENDED_MARK, "").split(SEPARATOR);
  return { shared, handed, ended: text.startsWith(ENDED_MARK) };
}

/** The memory of a page whose session is about to come, or has gone, by handoff. */
export function rememberHandoff(memory: PageMemory, digest: string): string {
  return memory.shared + SEPARATOR + digest;
}

/** SHA-256 in base64. */
export async function digestOf(session: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(session));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
