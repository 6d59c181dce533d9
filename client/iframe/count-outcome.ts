import type { CountOutcome } from "../../protocol/outcomes.ts";
import { OUTCOME_PATH } from "../../protocol/routes.ts";

/** For the page views of the sample. */
export function createOutcomeCount(sampleRate: number): CountOutcome {
  const isInSample = Math.random() < sampleRate;
  return (outcome) => isInSample && navigator.sendBeacon(OUTCOME_PATH, outcome);
}
