/**
 * Looks for a fault until it is found or the time is up: in one scenario first, depth-first and then by chance, then in all of them,
 * then in random worlds.
 */
import { isAmong } from "../check/violation.ts";
import { type Subject, runWorld } from "../run-world.ts";
import { SCENARIOS, type ScenarioName } from "../visitor/scenarios.ts";
import { createRandom } from "../world/random.ts";
import { tryAllOrders, tryScenarios } from "./depth-first.ts";
import { type Tried, tryRandomOrder, tryRandomWorld } from "./random-search.ts";
import { followDeviations } from "./run.ts";

export type Hunted = {
  /** The rules that the fault breaks, or groups of them. */
  readonly breaks: readonly string[];
  readonly scenario: ScenarioName;
};

const RANDOM_ORDERS = 2000;

/** @returns a run that breaks one of the rules with the fault, and none of them without it */
export async function hunt(
  { sound, faulty }: { readonly sound: Subject; readonly faulty: Subject },
  { breaks, scenario }: Hunted,
  limits: { readonly seconds: number; readonly seed: number },
): Promise<Tried | undefined> {
  const endMs = performance.now() + limits.seconds * 1000;
  for await (const tried of tryEverything(faulty, scenario, limits.seed)) {
    if (isBroken(tried.outcome, breaks)) {
      const { spec, deviations } = tried.run;
      if (!isBroken(await runWorld(sound, spec, followDeviations(deviations)), breaks)) return tried;
    }
    if (performance.now() > endMs) return undefined;
  }
  return undefined;
}

function isBroken({ violation }: Tried["outcome"], rules: readonly string[]): boolean {
  return violation !== undefined && isAmong(violation.rule, rules);
}

async function* tryEverything(subject: Subject, scenario: ScenarioName, seed: number): AsyncGenerator<Tried> {
  const spec = SCENARIOS[scenario];
  yield* tryAllOrders(subject, spec, 1);
  const random = createRandom(seed);
  for (let order = 0; order < RANDOM_ORDERS; order++) yield tryRandomOrder(subject, spec, random);
  yield* tryScenarios(subject, 1);
  for (let next = seed; ; next++) yield tryRandomWorld(subject, next);
}
