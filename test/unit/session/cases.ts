/** Short names for sessions, and for what the hub says of them. The digest of a test's session "a" is `A`. */
import fc from "fast-check";
import { type Digest, digestOf } from "../../../protocol/digest.ts";
import { type Base, type Fate, learn } from "../../../session/base.ts";
import type { Remote } from "../../../session/reconcile.ts";

export const SESSIONS = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;
export const [A, B, C, D, E, F, G] = SESSIONS.map(digestOf) as [Digest, Digest, Digest, Digest, Digest, Digest, Digest];

export const UNKNOWN: Remote = { kind: "unknown" };
export const NOTHING: Remote = { kind: "nothing" };

/** The hub holds a session, and has held others. */
export function held(session: string, ...history: readonly Digest[]) {
  return { kind: "session", session, digest: digestOf(session), history } as const satisfies Remote;
}

/** The hub holds a tombstone, and has held sessions. */
export function ended(...history: readonly Digest[]) {
  return { kind: "tombstone", history } as const satisfies Remote;
}

export const session: fc.Arbitrary<string> = fc.constantFrom(...SESSIONS);
export const digest: fc.Arbitrary<Digest> = session.map(digestOf);
export const fate: fc.Arbitrary<Fate> = fc.constantFrom("-", "~", ".", "!");

/** Any base of those sessions. */
export const base: fc.Arbitrary<Base> = fc
  .uniqueArray(fc.tuple(digest, fate), { selector: ([one]) => one, maxLength: 6 })
  .map((entries) => entries.reduceRight((all, [one, its]) => learn(all, one, its), ""));

const history = fc.uniqueArray(digest, { maxLength: 5 });

export const heldByHub = fc
  .tuple(session, history)
  .map(([one, before]) => held(one, ...before.filter((other) => other !== digestOf(one))));

/** The session had been over for the hub, and was begun again. */
export const begunAgain = fc
  .tuple(session, history, fc.nat(5))
  .map(([one, before, at]) => held(one, ...new Set([...before.slice(0, at), digestOf(one), ...before])));

/** Whether it is such a one. */
export function isBegunAgain(hub: Remote): boolean {
  return hub.kind === "session" && hub.history.includes(hub.digest);
}

/** Whatever the hub may say. */
export const remote: fc.Arbitrary<Remote> = fc.oneof(
  fc.constantFrom(UNKNOWN, NOTHING),
  { weight: 4, arbitrary: heldByHub },
  { weight: 1, arbitrary: begunAgain },
  { weight: 3, arbitrary: history.map((before) => ended(...before)) },
);
