/** Random worlds in random orders, each from a seed of its own. */
import { type Outcome, type Subject, runWorld } from "../run-world.ts";
import { generateSpec } from "../visitor/generate.ts";
import type { Spec } from "../visitor/spec.ts";
import { type Random, createRandom } from "../world/random.ts";
import type { Candidate, Choose, WorldEvent } from "../world/scheduler.ts";
import type { Deviation, Run } from "./run.ts";

/** How often a run leaves the default order: from never to most of the time. */
const RESTLESSNESS = [0, 0.02, 0.1, 0.3, 0.6];

export type Tried = {
  readonly run: Run;
  readonly outcome: Outcome;
  /** Its name, if it was not made up. */
  readonly scenario?: string;
};

export function tryRandomWorld(subject: Subject, seed: number): Promise<Tried> {
  const random = createRandom(seed);
  return tryRandomOrder(subject, generateSpec(random), random);
}

export async function tryRandomOrder(subject: Subject, spec: Spec, random: Random): Promise<Tried> {
  const deviations: Deviation[] = [];
  const outcome = await runWorld(subject, spec, chooseRandomly(random, deviations));
  return { run: { spec, deviations }, outcome };
}

/** How often a deviation is that what comes next is held back for a while, and all else goes on: a request that takes long. */
const HOLDING = 0.2;

const MAX_HELD_STEPS = 60;

/** @param deviations is filled with what is picked */
function chooseRandomly(random: Random, deviations: Deviation[]): Choose {
  const restlessness = random.pick(RESTLESSNESS);
  let held: WorldEvent | undefined;
  let heldUntil = 0;

  function pickAny(candidates: readonly Candidate[], step: number): number {
    if (random.next() >= restlessness) return 0;
    if (random.next() < HOLDING) {
      held = candidates[0]?.event;
      heldUntil = step + random.below(MAX_HELD_STEPS);
      return 0;
    }
    const pick = random.below(candidates.length);
    // Lost requests are rarer than late ones.
    return candidates[pick]?.variant && random.next() < 0.7 ? 0 : pick;
  }

  return (candidates, step) => {
    let pick = pickAny(candidates, step);
    if (pick === 0 && step < heldUntil && candidates[0]?.event === held) {
      pick = Math.max(
        0,
        candidates.findIndex(({ event, variant }) => event !== held && !variant),
      );
    }
    if (pick !== 0) deviations.push([step, pick]);
    return pick;
  };
}
