/**
 * The base of the merge: what a site knows of the sessions that it has had, as its pages keep it in a cookie of the registrable domain
 * (client/provider/base-cookie.ts). It is a text, read and written as it is: `<digest><fate>` for each session, the latest first, with
 * nothing between. It has digests only, so that no session is in a second place.
 */
import { DIGEST_LENGTH, type Digest } from "../protocol/digest.ts";

export type Base = string;

/** What became of a session, as far as the site knows. One thing follows the other, and none is taken back. */
export type Fate = "-" | "~" | "." | "!";

/** A page has it. The hub may have it, or not. */
export const NOTED = "-";
/** A link has brought it, or taken it along. The hub may have it, or not. */
export const LINKED = "~";
/** Site and hub have both had it. */
export const SHARED = ".";
/** The chat was ended on this site, or the hub has said that it was. */
export const ENDED = "!";

const FATES = "-~.!";
const ENTRY_LENGTH = DIGEST_LENGTH + 1;

/** Six sessions: one is not enough, because the hosts of a site may have different ones. */
export const MAX_BASE_LENGTH = 6 * ENTRY_LENGTH;

/** Eight sessions, until the hub's frame has made room for what the page has noted. */
const MAX_NOTES_LENGTH = 8 * ENTRY_LENGTH;

const BASE = /^(?:[\da-z]{7}[-~.!]){0,8}$/;

export function isBase(text: string): boolean {
  return BASE.test(text);
}

/** `undefined` for a session that the site does not know. */
export function fateOf(base: Base, digest: Digest): string | undefined {
  return base.split(digest)[1]?.[0];
}

/**
 * A page notes what becomes of a session. A new one comes first; one that it knows keeps its place, because the hub may have fallen
 * back. In few bytes, because every page loads them: it is `learn`, in the hub's frame, that makes room.
 */
export function note(base: Base, digest: Digest, fate: Fate): Base {
  const place = base.indexOf(digest);
  if (place < 0) return (digest + fate + base).slice(0, MAX_NOTES_LENGTH);
  const known = base.charAt(place + DIGEST_LENGTH);
  return FATES.indexOf(fate) > FATES.indexOf(known) ? base.replace(digest + known, digest + fate) : base;
}

/**
 * The site learns of a session, as a page notes it.
 *
 * @param newer it comes behind this one, if it is new
 */
export function learn(base: Base, digest: Digest, fate: Fate, newer?: Digest): Base {
  const isBehind = newer !== undefined && !base.includes(digest);
  const place = isBehind ? base.indexOf(newer) + ENTRY_LENGTH : 0;
  return makeRoom(base.slice(0, place) + note(base.slice(place), digest, fate), [digest, newer]);
}

/** The site learns that a chat has ended of which it knew nothing: it says nothing about those that it knows. */
export function learnEnd(base: Base, digest: Digest): Base {
  return base.includes(digest) ? learn(base, digest, ENDED) : makeRoom(base + digest + ENDED, [digest]);
}

/** The last that only pages have had is the first to go: of the others it matters more what became of them. */
function makeRoom(base: Base, kept: readonly (Digest | undefined)[]): Base {
  if (base.length <= MAX_BASE_LENGTH) return base;
  const others = entriesOf(base).filter((entry) => !kept.includes(digestIn(entry)));
  // With none, -1: the last.
  const lastNoted = others.map((entry) => entry.endsWith(NOTED)).lastIndexOf(true);
  const gone = others.at(lastNoted) ?? "";
  return makeRoom(base.replace(gone, ""), kept);
}

/** The site learns of a session that may have ended, and that the page has begun again. */
export function revive(base: Base, digest: Digest, fate: Fate): Base {
  return learn(base.replace(digest + ENDED, ""), digest, fate);
}

/** Whether the site knows both, and the first of them is the later one. */
export function isLater(base: Base, one: Digest, other: Digest): boolean {
  return base.includes(one) && base.indexOf(one) < base.indexOf(other);
}

/**
 * The least for the newest of several sessions that a page sees: one that the site does not know; then by what became of them; then in
 * their order.
 */
export function ageIn(base: Base, digest: Digest): number {
  const place = base.indexOf(digest);
  // Before the first entry's end there is no fate.
  return FATES.indexOf(base.charAt(place + DIGEST_LENGTH)) * MAX_NOTES_LENGTH + place;
}

/** The sessions of a fate. */
export function withFate(base: Base, fate: Fate): readonly Digest[] {
  return entriesOf(base)
    .filter((entry) => entry.endsWith(fate))
    .map(digestIn);
}

/**
 * What the hub's history is to have, too: what came before the session, and all that has ended. Not what never left this site: another
 * host may have a live chat.
 *
 * @param digest `undefined` for a tombstone, of which nobody knows what came before
 */
export function olderThan(base: Base, digest: Digest | undefined): string {
  const entries = entriesOf(base);
  const place = entries.findIndex((entry) => digestIn(entry) === digest);
  const isOlder = (entry: string, index: number) =>
    entry.endsWith(ENDED) ? index !== place : place >= 0 && index > place && !entry.endsWith(NOTED);
  return entries.filter(isOlder).map(digestIn).join("");
}

function digestIn(entry: string): Digest {
  return entry.slice(0, DIGEST_LENGTH);
}

function entriesOf(base: Base): string[] {
  return base.match(/.{8}/g) ?? [];
}
