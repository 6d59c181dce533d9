import { VERSION } from "../../dist/iframe-script.ts";
import type { Outcome } from "../../protocol/outcomes.ts";
import type { Env } from "../env.ts";

/**
 * Outcomes that the hub sees for itself, when a page asks by `fetch` why its iframe is silent: `unreachable` is a trusted page, whose
 * policy, network or impatience keeps the frame from it; `untrusted` is another.
 */
export type CountedOutcome = Outcome | "unreachable" | "untrusted";

/** The share of page views that are counted: 0 without a dataset, or with a rate that is no number from 0 to 1. */
export function sampleRate({ OUTCOMES, OUTCOME_SAMPLE_RATE = 0 }: Env): number {
  const rate = Number(OUTCOME_SAMPLE_RATE);
  return OUTCOMES && rate > 0 && rate <= 1 ? rate : 0;
}

/**
 * Counts one outcome of a page view that is in the sample.
 *
 * A data point has the tenant as its index, outcome and hub version as blobs, and as its double the number of page views that it
 * stands for.
 *
 * @see https://developers.cloudflare.com/analytics/analytics-engine/
 */
export function count(env: Env, tenant: string, outcome: CountedOutcome): void {
  env.OUTCOMES?.writeDataPoint({
    indexes: [tenant],
    blobs: [outcome, VERSION],
    doubles: [1 / sampleRate(env)],
  });
}

/** Counts one outcome, if this page view comes to be in the sample. */
export function countIfSampled(env: Env, tenant: string, outcome: CountedOutcome): void {
  if (Math.random() < sampleRate(env)) count(env, tenant, outcome);
}
