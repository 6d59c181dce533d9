import type { ScenarioName } from "../visitor/scenarios.ts";

/** A fault that is put into a copy of the sources, to see that it is found. */
export type Mutant = {
  readonly name: string;
  /** The rules of check/violation.ts that it breaks, or groups of them such as `I1`: one of them is found broken. */
  readonly breaks: readonly string[];
  /** Where it is looked for first. */
  readonly scenario: ScenarioName;
  /** `npm test` tries it, too. */
  readonly isShort?: boolean;
  /** Path in the repository. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string | RegExp;
  readonly replace: string;
};
