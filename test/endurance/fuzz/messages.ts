import fc from "fast-check";
import { nasty } from "./nasty.ts";

const CODE = "AbCdEfGhIjKlMnOpQrSt-_";
const SHOP = "https://shop-b.test";

/** One message of each kind, as it should be. */
const SAMPLES: readonly Readonly<Record<string, unknown>>[] = [
  { type: "carryover:hello" },
  { type: "carryover:connect", name: "chat", card: "off", locale: "", url: `${SHOP}/`, referrer: "" },
  { type: "load", id: 1, session: "v", memory: "", codes: "" },
  { type: "load", id: 2, session: "", memory: "-d~h", codes: `${CODE}.${CODE}` },
  { type: "save", id: 3, session: "v" },
  { type: "clear", id: 4 },
  { type: "test", id: 5 },
  { type: "card", id: 6, show: false },
  { type: "mint", id: 7, session: "v", memory: "d", to: SHOP },
  {
    type: "report",
    id: 0,
    access: "granted",
    reason: "why",
    ok: true,
    session: "v",
    memory: "d",
    saved: false,
    news: false,
    height: 0,
    code: CODE,
    links: SHOP,
  },
  { type: "carryover:popup-ready" },
  { type: "carryover:popup-task", name: "chat", session: null },
  { type: "carryover:popup-done", hubCookie: "v" },
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
  const change = fc.oneof(
    fc.record({ field: fc.constantFrom(...FIELDS), value }),
    fc.record({ field: fc.constantFrom(...FIELDS), isGone: fc.constant(true) }),
    fc.record({ field: nasty, value }),
  );
  const changed = fc.tuple(fc.constantFrom(...SAMPLES), fc.array(change, { maxLength: 3 })).map(([sample, changes]) => {
    const fields = new Map<string, unknown>(Object.entries(sample));
    for (const one of changes) {
      if ("value" in one) fields.set(one.field, one.value);
      else fields.delete(one.field);
    }
    // Not by assignment: `__proto__` is to be a field like the others.
    return Object.fromEntries(fields);
  });
  return fc.oneof(
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: value },
    { weight: 1, arbitrary: fc.array(changed, { maxLength: 2 }) },
  );
}
