/**
 * `npm run explore`: tries orders of events that no browser test can (README.md). Exits with 1 when a promise is broken.
 *
 *   --runs N, --seconds S   how long; a minute by default
 *   --short                 what `npm test` does: random worlds and scenarios side by side for 20 seconds, then a few of the mutants
 *   --jobs N                in so many processes
 *   --seed N                where random runs begin
 *   --dfs                   the scenarios in all orders, instead of random worlds
 *   --deviations N          … with at most so many deviations from the default order
 *   --mutants               puts faults into copies of the sources, each of which must be found
 *   --only <text>           … those whose name has this in it; with --short, those that `npm test` tries
 *   --ignore I1,I7a         goes on where these rules are broken
 *   --replay <token>        tells one run again
 */
import { type Arguments, readArguments } from "./arguments.ts";
import { readBuild } from "./hub/build.ts";
import { compileSubject } from "./hub/compile-subject.ts";
import { tryMutants } from "./mutants/try-mutants.ts";
import type { Subject } from "./run-world.ts";
import { tryScenarios } from "./search/depth-first.ts";
import { searchInProcesses, searchSideBySide, sendTally } from "./search/processes.ts";
import { type Tried, tryRandomWorld } from "./search/random-search.ts";
import { tell } from "./search/report.ts";
import { fromToken } from "./search/run.ts";
import { search } from "./search/search.ts";
import { describeTally, type Tally } from "./search/tally.ts";

const args = readArguments(process.argv.slice(2));
const startMs = performance.now();

switch (args.mode) {
  case "mutants":
    process.exitCode = (await tryMutants(args)) ? 0 : 1;
    break;
  case "replay":
    console.log((await tell(await compileBuild(), fromToken(args.token))).join("\n"));
    break;
  case "short":
    report(await searchBriefly(args));
    if (!(await tryMutants(args))) process.exitCode = 1;
    break;
  case "random":
  case "dfs":
    report(args.jobs > 1 ? await searchInProcesses(args, args.flags) : await searchHere());
}

async function compileBuild(): Promise<Subject> {
  return compileSubject(await readBuild());
}

async function searchHere(): Promise<Tally> {
  const subject = await compileBuild();
  return search(subject, tries(subject, args), args);
}

/** On two cores. */
function searchBriefly({ seconds, seed, flags }: Arguments): Promise<Tally> {
  const limits = [...flags, "--seconds", String(seconds)];
  return searchSideBySide([
    [...limits, "--seed", String(seed)],
    [...limits, "--dfs"],
  ]);
}

async function* tries(subject: Subject, { mode, seed, deviations }: Arguments): AsyncGenerator<Tried> {
  if (mode === "dfs") yield* tryScenarios(subject, deviations);
  else for (let next = seed; ; next++) yield tryRandomWorld(subject, next);
}

function report(tally: Tally): void {
  if (process.send) sendTally(tally);
  else console.log(describeTally(tally, (performance.now() - startMs) / 1000));
  process.exitCode = tally.isBroken ? 1 : 0;
}
