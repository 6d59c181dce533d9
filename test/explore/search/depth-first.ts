/**
 * Every order of a world's events with at most so many deviations from the default, as CHESS does it: most faults of this kind need
 * one or two.
 *
 * @see https://www.microsoft.com/en-us/research/publication/chess-a-systematic-testing-tool-for-concurrent-software/
 */
import { type Subject, runWorld } from "../run-world.ts";
import { SCENARIOS } from "../visitor/scenarios.ts";
import type { Spec } from "../visitor/spec.ts";
import type { Tried } from "./random-search.ts";
import { type Deviation, followDeviations } from "./run.ts";

/** One run of each scenario after the other, so that a search that is cut short has seen something of all. */
export async function* tryScenarios(subject: Subject, maxDeviations: number): AsyncGenerator<Tried> {
  let searches = Object.entries(SCENARIOS).map(([scenario, spec]) => ({
    scenario,
    orders: tryAllOrders(subject, spec, maxDeviations),
  }));
  while (searches.length > 0) {
    const ended = new Set<unknown>();
    for (const { scenario, orders } of searches) {
      const next = await orders.next();
      if (next.done) ended.add(orders);
      else yield { ...next.value, scenario };
    }
    searches = searches.filter(({ orders }) => !ended.has(orders));
  }
}

/** The default order comes first. */
export async function* tryAllOrders(subject: Subject, spec: Spec, maxDeviations: number): AsyncGenerator<Tried> {
  const pending: (readonly Deviation[])[] = [[]];
  for (let deviations = pending.pop(); deviations !== undefined; deviations = pending.pop()) {
    const follow = followDeviations(deviations);
    const choices: { readonly step: number; readonly count: number }[] = [];
    const outcome = await runWorld(subject, spec, (candidates, step) => {
      choices.push({ step, count: candidates.length });
      return follow(candidates, step);
    });
    yield { run: { spec, deviations }, outcome };
    if (deviations.length === maxDeviations) continue;
    // What comes before the last deviation has had its turn.
    const last = deviations.at(-1)?.[0] ?? -1;
    for (const { step, count } of choices) {
      if (step <= last) continue;
      for (let pick = 1; pick < count; pick++) pending.push([...deviations, [step, pick]]);
    }
  }
}
