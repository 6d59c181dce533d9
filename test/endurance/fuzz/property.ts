import fc from "fast-check";
import type { Promises } from "../promises.ts";

export type FuzzTime = { readonly seed: number; readonly durationMs: number };

export type Count = (what: string, by?: number) => void;

/** Tries a property with ever new values until time is up. What breaks it is made small, and told with what repeats it. */
export async function runProperty<Values>(
  promise: string,
  property: fc.IAsyncProperty<Values> | fc.IProperty<Values>,
  { seed, durationMs }: FuzzTime,
  promises: Promises,
): Promise<void> {
  const outcome = await fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: durationMs,
    markInterruptAsFailure: false,
  });
  if (!outcome.failed) return;
  const { counterexample, counterexamplePath, errorInstance } = outcome;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  promises.broken(promise, `${reason}; seed ${seed}, path ${counterexamplePath}: ${fc.stringify(counterexample)}`);
}
