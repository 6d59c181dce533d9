import type { Ratio, Spread } from "../statistics.ts";

/** Where there is nothing to show. */
export const NONE = "–";

export function formatSpread({ lower, median, upper }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${lower.toFixed(digits)}–${upper.toFixed(digits)})`;
}

export function formatRatio({ ofMedians, byRound }: Ratio): string {
  return `${ofMedians.toFixed(2)} (${byRound.lower.toFixed(2)}–${byRound.upper.toFixed(2)})`;
}
