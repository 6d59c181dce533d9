import type { Digest } from "../protocol/digest.ts";
import { type Base, ENDED, LINKED, fateOf, isLater, withFate } from "./base.ts";
import { type Remote, isSaid, isShared } from "./reconcile.ts";

/**
 * Whether a page takes the session that a link has brought for its own. Not over a live chat, which neither the hub nor a link has
 * had before; not one that was ended; nor one that is older than the page's, or than the hub's.
 *
 * @param local digest of the page's session; `undefined` with none
 */
export function canAdopt(local: Digest | undefined, base: Base, remote: Remote, brought: Digest): boolean {
  if (fateOf(base, brought) === ENDED || isOverOnHub(remote, brought)) return false;
  if (withFate(base, ENDED).some((ended) => isLater(base, ended, brought))) return false;
  if (local === undefined) return true;
  const fate = fateOf(base, local);
  return (fate === LINKED || fate === ENDED || isShared(local, base, remote)) && !isLater(base, local, brought);
}

function isOverOnHub(remote: Remote, digest: Digest): boolean {
  const isThere = remote.kind === "session" && remote.digest === digest;
  return isSaid(remote) && remote.history.includes(digest) && !isThere;
}
