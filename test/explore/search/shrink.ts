/** Makes a failing run smaller for as long as the same rule is broken: fewer actions, fewer deviations. */
import { type Subject, runWorld } from "../run-world.ts";
import type { Spec } from "../visitor/spec.ts";
import { createRandom } from "../world/random.ts";
import type { Rule } from "../check/violation.ts";
import { tryRandomOrder } from "./random-search.ts";
import { type Deviation, type Run, followDeviations } from "./run.ts";

/** Another world has other steps, and its failing order must be looked for anew. */
const ORDERS_PER_WORLD = 30;

const MAX_RUNS = 3000;

export async function shrink(subject: Subject, failing: Run, rule: Rule): Promise<Run> {
  let runs = 0;

  async function fails({ spec, deviations }: Run): Promise<boolean> {
    runs++;
    return (await runWorld(subject, spec, followDeviations(deviations))).violation?.rule === rule;
  }

  /** @returns a failing run of the world, if one is found */
  async function findFailing(spec: Spec, deviations: readonly Deviation[]): Promise<Run | undefined> {
    for (const run of [
      { spec, deviations: [] },
      { spec, deviations },
    ])
      if (await fails(run)) return run;
    const random = createRandom(1);
    for (let order = 0; order < ORDERS_PER_WORLD && runs < MAX_RUNS; order++) {
      runs++;
      const { run, outcome } = await tryRandomOrder(subject, spec, random);
      if (outcome.violation?.rule === rule) return run;
    }
    return undefined;
  }

  async function shrinkWorld(run: Run): Promise<Run> {
    for (const spec of simplerSpecs(run.spec)) {
      const smaller = runs < MAX_RUNS ? await findFailing(spec, run.deviations) : undefined;
      if (smaller) return shrinkWorld(smaller);
    }
    return run;
  }

  async function shrinkOrder(run: Run): Promise<Run> {
    let { deviations } = run;
    for (let size = Math.ceil(deviations.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < deviations.length;) {
        const fewer = deviations.toSpliced(start, size);
        if (await fails({ ...run, deviations: fewer })) deviations = fewer;
        else start += size;
      }
    }
    return { ...run, deviations };
  }

  return shrinkOrder(await shrinkWorld(await shrinkOrder(failing)));
}

/** Each a little simpler than the world. */
function* simplerSpecs(spec: Spec): Generator<Spec> {
  const { tabs } = spec;
  for (const index of tabs.keys()) if (tabs.length > 1) yield { ...spec, tabs: tabs.toSpliced(index, 1) };
  for (const [index, actions] of tabs.entries()) {
    for (const action of actions.keys()) {
      yield { ...spec, tabs: tabs.with(index, actions.toSpliced(action, 1)) };
    }
  }
  if (spec.faults > 0) yield { ...spec, faults: 0 };
  for (const flag of ["loadsTwice", "hasOwnScript", "hasSecondCookie"] as const) {
    if (spec[flag]) yield { ...spec, [flag]: false };
  }
  if (spec.hasBrokenStorage) yield { ...spec, hasBrokenStorage: false };
  if (spec.ignoresFrameAncestors) yield { ...spec, ignoresFrameAncestors: false };
  if (spec.trust !== "hosts") yield { ...spec, trust: "hosts" };
  if (spec.engine !== "chromium-allowed") yield { ...spec, engine: "chromium-allowed" };
}
