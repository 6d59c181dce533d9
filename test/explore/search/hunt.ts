/** Looks for a broken promise until it is found or the time is up: the scenarios first, then random worlds. */
import type { Invariant } from "../check/violation.ts";
import type { Subject } from "../run-world.ts";
import { SCENARIOS } from "../visitor/scenarios.ts";
import { tryAllOrders } from "./depth-first.ts";
import { type Tried, tryRandomWorld } from "./random-search.ts";

export async function* tryEverything(subject: Subject, seed: number): AsyncGenerator<Tried> {
  for (const maxDeviations of [0, 1]) {
    for (const spec of Object.values(SCENARIOS)) yield* tryAllOrders(subject, spec, maxDeviations);
  }
  for (let next = seed; ; next++) yield tryRandomWorld(subject, next);
}

export async function hunt(
  subject: Subject,
  invariant: Invariant,
  limits: { readonly seconds: number; readonly seed: number },
): Promise<Tried | undefined> {
  const endMs = performance.now() + limits.seconds * 1000;
  for await (const tried of tryEverything(subject, limits.seed)) {
    if (tried.outcome.violation?.invariant === invariant) return tried;
    if (performance.now() > endMs) return undefined;
  }
  return undefined;
}
