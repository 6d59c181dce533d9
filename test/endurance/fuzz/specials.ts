import fc from "fast-check";

/** Stands in JSON for what JSON has no words for, and a message may hold all the same; send-messages.ts puts it in. */
export type Special = { readonly $special: (typeof NAMES)[number] };

const NAMES = ["undefined", "NaN", "bigint", "date", "map", "bytes", "error", "cycle"] as const;

/** JSON values and specials. */
export const SPECIALS: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...NAMES).map(($special): Special => ({ $special })),
);
