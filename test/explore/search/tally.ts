/** What a search has seen so far. */
import type { Outcome } from "../run-world.ts";
import { RULES, type Rule } from "../check/violation.ts";

export type Tally = {
  runs: number;
  steps: number;
  readonly endStates: Set<number>;
  readonly violations: Map<Rule, number>;
  /** A promise is broken that was not to be ignored. */
  isBroken: boolean;
};

export function createTally(): Tally {
  return { runs: 0, steps: 0, endStates: new Set(), violations: new Map(), isBroken: false };
}

export function count(tally: Tally, { steps, endState, violation }: Outcome): void {
  tally.runs++;
  tally.steps += steps;
  tally.endStates.add(hash(endState));
  if (violation) tally.violations.set(violation.rule, (tally.violations.get(violation.rule) ?? 0) + 1);
}

export function describeTally({ runs, steps, endStates, violations }: Tally, seconds: number): string {
  const broken = [...violations].map(([rule, times]) => `\n  ${rule} ${times} times: ${RULES[rule]}`);
  return [
    `${runs} interleavings, ${steps} steps, ${Math.round(runs / seconds)} a second`,
    `${endStates.size} distinct end states`,
    broken.length === 0 ? "0 violations" : `violations:${broken.toSorted().join("")}`,
  ].join("\n");
}

/** 53 bits (cyrb53): a million states rarely meet in one. */
function hash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
