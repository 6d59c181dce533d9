/** Spreads a search over processes, each with seeds of its own. */
import { fork } from "node:child_process";
import type { Rule } from "../check/violation.ts";
import { type Tally, createTally } from "./tally.ts";

/** Seeds of one process: more than it will ever get through. */
const SEEDS_EACH = 100_000_000;

type SentTally = Omit<Tally, "endStates" | "violations"> & {
  readonly endStates: readonly number[];
  readonly violations: readonly (readonly [Rule, number])[];
};

export type Share = { readonly jobs: number; readonly runs: number; readonly seconds: number; readonly seed: number };

/** @param flags the rest of the command line */
export function searchInProcesses({ jobs, runs, seconds, seed }: Share, flags: readonly string[]): Promise<Tally> {
  return searchSideBySide(
    Array.from({ length: jobs }, (_, job) => {
      const limit = Number.isFinite(runs) ? ["--runs", String(Math.ceil(runs / jobs))] : [];
      const time = Number.isFinite(seconds) ? ["--seconds", String(seconds)] : [];
      return [...flags, ...limit, ...time, "--seed", String(seed + job * SEEDS_EACH)];
    }),
  );
}

/** @param commandLines one for each process */
export async function searchSideBySide(commandLines: readonly (readonly string[])[]): Promise<Tally> {
  const tallies = await Promise.all(commandLines.map(searchElsewhere));
  return tallies.reduce(add, createTally());
}

/** To the process that has started this one, if any has. */
export function sendTally({ endStates, violations, ...rest }: Tally): void {
  process.send?.({ ...rest, endStates: [...endStates], violations: [...violations] } satisfies SentTally);
}

function searchElsewhere(args: readonly string[]): Promise<SentTally> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? "", args);
    child.once("message", (tally) => resolve(tally as SentTally));
    child.once("exit", (code) => reject(new Error(`A process of the search has ended without a tally (${code}).`)));
  });
}

function add(total: Tally, { runs, steps, endStates, violations, isBroken }: SentTally): Tally {
  total.runs += runs;
  total.steps += steps;
  total.isBroken ||= isBroken;
  for (const state of endStates) total.endStates.add(state);
  for (const [rule, times] of violations) total.violations.set(rule, (total.violations.get(rule) ?? 0) + times);
  return total;
}
