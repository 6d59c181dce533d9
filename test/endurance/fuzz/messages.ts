import fc from "fast-check";
import { SUBJECT } from "./message-oracle.ts";
import { mostly, nasty } from "./nasty.ts";

const CODE = "AbCdEfGhIjKlMnOpQrSt-_";
const SHOP = "https://shop-b.test";

const FROM_FRAME = { id: 0, access: "granted", reason: "why", links: SHOP, scope: "shop-b.test" };

/** One message of each kind, as it should be. */
const SAMPLES: readonly Readonly<Record<string, unknown>>[] = [
  { type: "carryover:hello" },
  { type: "carryover:connect", name: "chat", card: "off", locale: "", url: `${SHOP}/`, referrer: "" },
  { type: "load", id: 1, session: "v", base: "", codes: "" },
  { type: "load", id: 2, session: "", base: "digest0!", codes: `${CODE}.${CODE}`, arrived: "" },
  { type: "save", id: 3, session: "v", base: "digest0-" },
  { type: "clear", id: 4, session: "", base: "digest0!" },
  { type: "repair", id: 5, session: "v", base: "digest0-" },
  { type: "test", id: 6, session: "", base: "" },
  { type: "card", id: 7, session: "", base: "", show: false },
  { type: "mint", id: 8, session: "v", base: "digest0.", to: SHOP },
  { type: "loaded", ...FROM_FRAME, session: "v", base: "digest0.", saved: false, pending: false },
  { type: "answered", ...FROM_FRAME, done: true, saved: true, base: "digest0.", code: CODE },
  { type: "card", ...FROM_FRAME, height: 0 },
  { type: "changed", ...FROM_FRAME },
  { type: "refused", ...FROM_FRAME },
  { type: "carryover:popup-ready", ...SUBJECT },
  { type: "carryover:popup-task", ...SUBJECT, session: null, base: "" },
  { type: "carryover:popup-done", ...SUBJECT, hubCookie: "v" },
  { name: "chat", session: "v", from: SHOP, to: "https://shop-a.test" },
  { code: CODE, name: "chat", to: SHOP, referrer: "" },
];

const TYPES = SAMPLES.map(({ type }) => type).filter((type) => typeof type === "string");
const FIELDS = [...new Set(SAMPLES.flatMap(Object.keys))];

/**
 * Messages: some right, most with a field or two that is missing, another's or anything, and some that are no messages at all.
 *
 * @param anything what may stand where something else is expected
 */
export function messages(anything: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    anything,
    nasty,
    fc.constantFrom<unknown>(...TYPES, CODE, "", null, true, 0, -1, 0.5, 2 ** 53, "a;b", "a\tb", " a", "\ud800"),
  );
  const isGone = fc.constant(true);
  const change = fc.oneof(
    { weight: 4, arbitrary: fc.record({ at: fc.nat(), value }) },
    { weight: 1, arbitrary: fc.record({ at: fc.nat(), isGone }) },
    { weight: 1, arbitrary: fc.record({ field: mostly(fc.constantFrom(...FIELDS), nasty), value }) },
  );
  const changed = fc.tuple(fc.constantFrom(...SAMPLES), fc.array(change, { maxLength: 3 })).map(([sample, changes]) => {
    const fields = new Map<string, unknown>(Object.entries(sample));
    for (const one of changes) {
      const field = "field" in one ? one.field : (Object.keys(sample)[one.at % Object.keys(sample).length] ?? "");
      if ("value" in one) fields.set(field, one.value);
      else fields.delete(field);
    }
    // Not by assignment: `__proto__` is to be a field like the others.
    return Object.fromEntries(fields);
  });
  // What would do harm in a cookie comes nowhere else: one field is wrong, and only by its characters.
  const withOtherSession = fc
    .tuple(fc.constantFrom(...SAMPLES.filter((sample) => "session" in sample)), nasty)
    .map(([sample, session]) => ({ ...sample, session }));
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 2, arbitrary: withOtherSession },
    { weight: 1, arbitrary: value },
    { weight: 1, arbitrary: fc.array(changed, { maxLength: 2 }) },
  );
}
