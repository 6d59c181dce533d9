/** A fault that is put into a copy of the sources, to see that it is found. */
export type Mutant = {
  readonly name: string;
  /** The rule of check/violation.ts that it breaks, or a group of them such as `I1`. */
  readonly breaks: string;
  /** Path in the repository. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string | RegExp;
  readonly replace: string;
};
