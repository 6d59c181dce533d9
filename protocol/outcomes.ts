/**
 * What became of a page view, as the hub's iframe tells it, for the operator to count (docs/observability.md). Nothing of it says
 * who the visitor is, where, or which chat.
 */
export const OUTCOMES = [
  /** The hub's cookies could be used at once. */
  "granted",
  /** They could not. What follows says what the visitor did about it. */
  "withheld",
  /** The visitor has pressed Continue, and the browser was asked for storage access. */
  "prompted",
  /** Browser or visitor said no to that. */
  "denied",
  /** The small window has saved or fetched a session. */
  "popup",
  /** A link has brought the session. */
  "handoff",
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Tells the hub what became of this page view. Nothing waits for it. */
export type CountOutcome = (outcome: Outcome) => void;

export function isOutcome(text: string): text is Outcome {
  return OUTCOMES.some((outcome) => outcome === text);
}
