import fc from "fast-check";

/** Stands in JSON for what JSON has no words for, and a message may hold all the same; send-messages.ts puts it in. */
export type Special = { readonly $special: (typeof NAMES)[number] };

const NAMES = ["undefined", "NaN", "bigint", "date", "map", "bytes", "error", "cycle"] as const;

/** JSON values and specials. */
export const SPECIALS: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...NAMES).map(($special): Special => ({ $special })),
);

/** A message as it will arrive, as far as its fields' types go: a special NaN is a number. */
export function asItArrives(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return message;
  const fields = Object.entries(message).map(([name, value]) => [name, isNaNSpecial(value) ? Number.NaN : value]);
  return Object.fromEntries(fields);
}

function isNaNSpecial(value: unknown): boolean {
  return typeof value === "object" && value !== null && "$special" in value && value.$special === "NaN";
}
