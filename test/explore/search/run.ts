/** One run: a world, and where its order of events differs from the default. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Spec } from "../visitor/spec.ts";
import type { Choose } from "../world/scheduler.ts";

/** At this step, this candidate instead of the first. */
export type Deviation = readonly [step: number, pick: number];

export type Run = { readonly spec: Spec; readonly deviations: readonly Deviation[] };

/** For `--replay`. */
export function toToken(run: Run): string {
  return deflateRawSync(JSON.stringify(run)).toString("base64url");
}

export function fromToken(token: string): Run {
  return JSON.parse(inflateRawSync(Buffer.from(token, "base64url")).toString()) as Run;
}

/** Picks what the run says. A step that has fewer candidates now takes the default. */
export function followDeviations(deviations: readonly Deviation[]): Choose {
  const picks = new Map(deviations);
  return (candidates, step) => {
    const pick = picks.get(step) ?? 0;
    return pick < candidates.length ? pick : 0;
  };
}
