/** Looks for a broken promise until it is found or the time is up: the scenarios first, then random worlds. */
import { isAmong } from "../check/violation.ts";
import type { Subject } from "../run-world.ts";
import { tryScenarios } from "./depth-first.ts";
import { type Tried, tryRandomWorld } from "./random-search.ts";

export async function* tryEverything(subject: Subject, seed: number): AsyncGenerator<Tried> {
  for (const maxDeviations of [0, 1]) yield* tryScenarios(subject, maxDeviations);
  for (let next = seed; ; next++) yield tryRandomWorld(subject, next);
}

export async function hunt(
  subject: Subject,
  rule: string,
  limits: { readonly seconds: number; readonly seed: number },
): Promise<Tried | undefined> {
  const endMs = performance.now() + limits.seconds * 1000;
  for await (const tried of tryEverything(subject, limits.seed)) {
    const { violation } = tried.outcome;
    if (violation && isAmong(violation.rule, [rule])) return tried;
    if (performance.now() > endMs) return undefined;
  }
  return undefined;
}
