import type { CountOutcome } from "../../protocol/outcomes.ts";
import { outcomePath } from "../../protocol/routes.ts";

/** For the page views of the sample. */
export function createOutcomeCount(tenant: string, sampleRate: number): CountOutcome {
  const isInSample = Math.random() < sampleRate;
  return (outcome) => isInSample && navigator.sendBeacon(outcomePath(tenant), outcome);
}
