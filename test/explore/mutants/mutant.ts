import type { Invariant } from "../check/violation.ts";

/** A fault that is put into a copy of the sources, to see that it is found. */
export type Mutant = {
  readonly name: string;
  /** The promise that it breaks. */
  readonly breaks: Invariant;
  /** Path in the repository. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string | RegExp;
  readonly replace: string;
};
