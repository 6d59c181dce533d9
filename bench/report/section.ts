/** What a part of the benchmarks has found. */
export type Section = {
  readonly title: string;
  /** What is needed to read the figures. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
};

export type Table = {
  readonly columns: readonly string[];
  /** As many cells as columns; the first names the row. */
  readonly rows: readonly (readonly string[])[];
};

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** `≤ 1.10: reached` */
export function verdict(value: number, goal: Goal, digits = 2): string {
  const isReached = "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
  const bound = "atMost" in goal ? `≤ ${goal.atMost.toFixed(digits)}` : `≥ ${goal.atLeast.toFixed(digits)}`;
  return `${bound}: ${isReached ? "reached" : "**not reached**"}`;
}
