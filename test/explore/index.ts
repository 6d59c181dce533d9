/**
 * `npm run explore`: tries orders of events that no browser test can (README.md). Exits with 1 when a promise is broken.
 *
 *   --runs N, --seconds S   how long; a minute by default
 *   --short                 20 seconds, for `npm test`
 *   --seed N                where random runs begin
 *   --ignore I7             goes on where this promise is broken
 *   --replay <token>        tells one run again
 */
import { readArguments } from "./arguments.ts";
import { readBuild } from "./hub/build.ts";
import { compileHub } from "./hub/hub.ts";
import { type Subject } from "./run-world.ts";
import { tryRandomWorld } from "./search/random-search.ts";
import { tell } from "./search/report.ts";
import { fromToken } from "./search/run.ts";
import { shrink } from "./search/shrink.ts";
import { count, createTally, describeTally } from "./search/tally.ts";
import { compilePageScripts } from "./world/scripts.ts";

const { runs, seconds, seed, mode, token, ignored } = readArguments(process.argv.slice(2));
const build = await readBuild();
const subject: Subject = { startHub: compileHub(build.worker), scripts: compilePageScripts(build) };

if (mode === "replay") {
  console.log((await tell(subject, fromToken(token))).join("\n"));
} else {
  await searchRandomly();
}

async function searchRandomly(): Promise<void> {
  const tally = createTally();
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  for (let run = 0; run < runs && elapsed() < seconds; run++) {
    const tried = await tryRandomWorld(subject, seed + run);
    count(tally, tried.outcome);
    const { violation } = tried.outcome;
    if (!violation || ignored.has(violation.invariant)) continue;
    console.log(`Seed ${seed + run} breaks ${violation.invariant}: ${violation.what}. Shrinking …`);
    console.log((await tell(subject, await shrink(subject, tried.run, violation.invariant))).join("\n"));
    process.exitCode = 1;
    break;
  }
  console.log(describeTally(tally, elapsed()));
}
