import type { HubCookie } from "../../protocol/hub-cookie.ts";
import type { Answer, PageState } from "../../protocol/messages.ts";

export type Choice = Pick<Answer, "session" | "digest" | "owed">;

/**
 * Decides which session wins, the page's or the hub's.
 *
 * A page session whose digest differs from the one last exchanged was never seen by the hub: it is a live chat, it wins, and
 * the hub is owed it. Otherwise the hub's session or tombstone wins; with neither, the page keeps what it has.
 *
 * @param hub the hub cookie, `undefined` with none or without access to it
 */
export async function chooseSession(page: PageState, hub: HubCookie | undefined): Promise<Choice> {
  const hubSession = hub?.kind === "session" ? hub.value : null;
  const kept = { digest: page.lastDigest, owed: null };

  if (page.session !== null && page.session !== hubSession && (await digestOf(page.session)) !== page.lastDigest) {
    return { ...kept, session: page.session, owed: "save" };
  }
  if (hubSession !== null) {
    const digest = await digestOf(hubSession);
    // The page ended this very chat while the hub was out of reach.
    if (page.ended && digest === page.lastDigest) return { ...kept, session: null, owed: "clear" };
    return { session: hubSession, digest, owed: null };
  }
  if (hub?.kind === "ended") return { session: null, digest: null, owed: null };
  return { ...kept, session: page.session };
}

/** SHA-256 in base64: what a page remembers of a session, so that the session itself is in no second place. */
export async function digestOf(session: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(session));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
