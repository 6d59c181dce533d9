import type { Digest } from "../protocol/digest.ts";
import type { HubCookie } from "../protocol/hub-cookie.ts";
import { type Base, ENDED, NOTED, SHARED, fateOf, isLater, learn, learnEnd, revive, withFate } from "./base.ts";

/** What the hub cookie says; `unknown` without access to it. */
export type Remote = { readonly kind: "unknown" } | HubCookie;

type Said = HubCookie & { readonly kind: "session" | "tombstone" };

export type Decision = {
  /** Whose session the page shows from now on: its own, the hub's, or nobody's. */
  readonly winner: "local" | "remote" | "none";
  readonly base: Base;
  /** The hub lacks something: the page's session if that has won, word of an ended chat if nobody's has. */
  readonly isPending: boolean;
};

/**
 * The three-way merge: which session wins, the page's or the hub's.
 *
 * A local session that neither the site nor the hub has shared before is a live chat that the hub has not seen: it wins. Otherwise
 * the hub has moved on since, and what it says wins. Not where the site knows better: it has ended that very chat, or it has shared
 * a later one, of which the hub's cookie knows nothing.
 *
 * @param local digest of the page's session; `undefined` with none
 */
export function reconcile(local: Digest | undefined, base: Base, remote: Remote): Decision {
  if (!isSaid(remote)) return reconcileAlone(local, base);
  if (local === undefined || fateOf(base, local) === ENDED) return followHub(base, remote);
  if (remote.kind === "session" && remote.digest === local) {
    return { winner: "local", base: learn(base, local, SHARED), isPending: false };
  }
  if (!isShared(local, base, remote) || isBehind(remote, base, local)) {
    return { winner: "local", base: learnBoth(local, base, remote), isPending: true };
  }
  const isEnded = remote.kind === "tombstone" && remote.history.includes(local);
  return followHub(isEnded ? learn(base, local, ENDED) : base, remote);
}

/** Whether the hub has had the page's session, as far as either knows. */
export function isShared(local: Digest, base: Base, remote: Remote): boolean {
  if (fateOf(base, local) === SHARED) return true;
  return isSaid(remote) && (remote.history.includes(local) || subjectOf(remote) === local);
}

/** The session that the hub cookie is about: the one that it holds, or that was ended. */
export function subjectOf(remote: Remote): Digest | undefined {
  return remote.kind === "session" ? remote.digest : isSaid(remote) ? remote.history[0] : undefined;
}

/** Whether there is a hub cookie, and access to it. */
export function isSaid(remote: Remote): remote is Said {
  return "history" in remote;
}

/** Nothing is known of the hub: the page keeps what it has. */
function reconcileAlone(local: Digest | undefined, base: Base): Decision {
  if (local === undefined) return { winner: "none", base, isPending: false };
  const fate = fateOf(base, local);
  return { winner: "local", base: learn(base, local, NOTED), isPending: fate !== SHARED && fate !== ENDED };
}

/** The page's session is the newer one. */
function learnBoth(local: Digest, base: Base, remote: Said): Base {
  const subject = subjectOf(remote);
  if (subject === undefined) return learn(base, local, NOTED);
  // If there is room for one only, the subject goes, and is learned again. What had ended has ended still.
  const isOver = remote.kind === "tombstone" || fateOf(base, subject) === ENDED;
  return learn(learn(base, local, NOTED), subject, isOver ? ENDED : SHARED, local);
}

/** The page has no session, or none that may stay. */
function followHub(base: Base, remote: Said): Decision {
  if (remote.kind === "tombstone") {
    const subject = subjectOf(remote);
    return { winner: "none", base: subject === undefined ? base : learnEnd(base, subject), isPending: false };
  }
  // It had ended, and was begun again elsewhere.
  if (remote.history.includes(remote.digest)) {
    return { winner: "remote", base: revive(base, remote.digest, SHARED), isPending: false };
  }
  const isOver =
    fateOf(base, remote.digest) === ENDED || withFate(base, ENDED).some((ended) => isBehind(remote, base, ended));
  if (isOver) return { winner: "none", base, isPending: true };
  return { winner: "remote", base: learn(base, remote.digest, SHARED), isPending: false };
}

/**
 * Whether the hub cookie is older than a session of the site: a write that was slow has overtaken it. One that came after the
 * session has it in its history.
 */
function isBehind(remote: Said, base: Base, digest: Digest): boolean {
  const subject = subjectOf(remote);
  return subject !== undefined && isLater(base, digest, subject) && !remote.history.includes(digest);
}
