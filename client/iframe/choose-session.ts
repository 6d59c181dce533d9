import type { HubCookie } from "../../protocol/hub-cookie.ts";
import type { PageState } from "../../protocol/messages.ts";
import { NOTHING_SHARED, digestOf, parseMemory, rememberHandoff } from "./page-memory.ts";

export type Choice = PageState & {
  /** What the page has and the hub lacks: a live session to save, or word of an ended one to clear. */
  readonly owed: "" | "save" | "clear";
};

/**
 * Decides which session wins, the page's or the hub's.
 *
 * A page session whose digest differs from the one last exchanged was never seen by the hub: it is a live chat, it wins, and
 * the hub is owed it. Otherwise the hub's session or tombstone wins; with neither, the page keeps what it has.
 *
 * @param hub the hub cookie, `undefined` with none or without access to it
 */
export async function chooseSession(page: PageState, hub: HubCookie | undefined): Promise<Choice> {
  const { shared, handed, ended } = parseMemory(page.memory);
  const hubSession = hub?.kind === "session" ? hub.value : "";

  if (page.session && page.session !== hubSession && (await digestOf(page.session)) !== shared) {
    return { ...page, owed: "save" };
  }
  if (hubSession) {
    const digest = await digestOf(hubSession);
    // The page ended this very chat while the hub was out of reach, whether the hub or a link had brought it.
    if (ended && (digest === shared || digest === handed)) return { session: "", memory: page.memory, owed: "clear" };
    return { session: hubSession, memory: digest, owed: "" };
  }
  if (hub) return { session: "", memory: NOTHING_SHARED, owed: "" };
  return { ...page, owed: "" };
}

/**
 * Takes the session that a link has brought for the page's own. Never over one that the hub has not seen, in its cookie or by
 * an earlier handoff: a live chat of the page is not given up for a link. Nor does a link bring back a chat that was ended.
 *
 * @param redeem asks for the session, `""` with none; not called where it could not be taken
 */
export async function takeHanded(page: PageState, redeem: () => Promise<string>): Promise<PageState> {
  const memory = parseMemory(page.memory);
  const isKnown = (digest: string) => digest === memory.shared || digest === memory.handed;
  if (page.session && !isKnown(await digestOf(page.session))) return page;
  const session = await redeem();
  const digest = await digestOf(session);
  if (!session || (memory.ended && isKnown(digest))) return page;
  return { session, memory: rememberHandoff(memory, digest) };
}
