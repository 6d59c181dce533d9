/** Tries one run after the other until a promise is broken, or the time is up. */
import { isAmong } from "../check/violation.ts";
import type { Subject } from "../run-world.ts";
import type { Tried } from "./random-search.ts";
import { tell } from "./report.ts";
import { shrink } from "./shrink.ts";
import { type Tally, count, createTally } from "./tally.ts";

export type Limits = {
  readonly runs: number;
  readonly seconds: number;
  /** Rules whose breach is counted, and no more. */
  readonly ignored: readonly string[];
};

export async function search(subject: Subject, tries: AsyncIterable<Tried>, limits: Limits): Promise<Tally> {
  const tally = createTally();
  const endMs = performance.now() + limits.seconds * 1000;
  for await (const { run, outcome, scenario } of tries) {
    count(tally, outcome);
    const { violation } = outcome;
    if (violation && !isAmong(violation.rule, limits.ignored)) {
      const where = scenario === undefined ? "" : ` in "${scenario}"`;
      console.log(`${violation.rule} is broken${where}: ${violation.what}. Shrinking …`);
      console.log((await tell(subject, await shrink(subject, run, violation.rule))).join("\n"));
      tally.isBroken = true;
      break;
    }
    if (tally.runs >= limits.runs || performance.now() > endMs) break;
  }
  return tally;
}
