/** One rung of the ladder, as it stands in this browser on this site. */
export type Finding = {
  readonly rung: string;
  readonly verdict: Verdict;
  /** What was found: a sentence or two. */
  readonly found: string;
  /** What to change, where there is something. */
  readonly remedy?: string;
};

/** `limited`: it works with a condition; `open`: it takes a click of the integrator's to find out. */
export type Verdict = "good" | "limited" | "bad" | "open";

/** Verdicts in words, for those who see no colours, and for the report. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  good: "works",
  limited: "limited",
  bad: "does not work",
  open: "try it",
};
