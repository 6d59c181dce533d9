import type { Outcome } from "../../protocol/outcomes.ts";
import { outcomePath } from "../../protocol/routes.ts";

/** Tells the hub what became of this page view, if it is one of the sample. Nothing waits for it. */
export type CountOutcome = (outcome: Outcome) => void;

export function createOutcomeCount(tenant: string, sampleRate: number): CountOutcome {
  const isInSample = Math.random() < sampleRate;
  return (outcome) => isInSample && navigator.sendBeacon(outcomePath(tenant), outcome);
}
