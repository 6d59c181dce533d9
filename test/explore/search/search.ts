/** Tries one run after the other until a promise is broken, or the time is up. */
import type { Invariant } from "../check/violation.ts";
import type { Subject } from "../run-world.ts";
import type { Tried } from "./random-search.ts";
import { tell } from "./report.ts";
import { shrink } from "./shrink.ts";
import { type Tally, count, createTally } from "./tally.ts";

export type Limits = {
  readonly runs: number;
  readonly seconds: number;
  /** Promises whose breach is counted, and no more. */
  readonly ignored: ReadonlySet<Invariant>;
};

export async function search(subject: Subject, tries: AsyncIterable<Tried>, limits: Limits): Promise<Tally> {
  const tally = createTally();
  const endMs = performance.now() + limits.seconds * 1000;
  for await (const { run, outcome } of tries) {
    count(tally, outcome);
    const { violation } = outcome;
    if (violation && !limits.ignored.has(violation.invariant)) {
      console.log(`${violation.invariant} is broken: ${violation.what}. Shrinking …`);
      console.log((await tell(subject, await shrink(subject, run, violation.invariant))).join("\n"));
      tally.isBroken = true;
      break;
    }
    if (tally.runs >= limits.runs || performance.now() > endMs) break;
  }
  return tally;
}
