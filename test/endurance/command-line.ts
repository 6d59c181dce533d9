import { parseArgs } from "node:util";
import { type Result, failure, success } from "../../protocol/result.ts";

export type RunOptions = {
  /** Default 10. */
  readonly minutes: number;
  /** Default: the time, so that each run is another. */
  readonly seed: number;
  /** Whether the figures are written into bench/. */
  readonly write: boolean;
};

/** What follows `npm run soak --` and `npm run fuzz --`. */
export function parseCommandLine(args: readonly string[]): Result<RunOptions> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: "string", default: "10" },
        seed: { type: "string", default: String(Date.now() % 2 ** 31) },
        write: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return failure(
      `${error instanceof Error ? error.message : String(error)}; there are --minutes, --seed and --write.`,
    );
  }
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 60)) {
    return failure(`--minutes ${values.minutes} is no time: give a number above 0, such as 0.5, and at most 60.`);
  }
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 31) {
    return failure(`--seed ${values.seed} is no seed: give a whole number from 0 to ${2 ** 31 - 1}.`);
  }
  return success({ minutes, seed, write: values.write });
}
