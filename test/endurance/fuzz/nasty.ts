import fc from "fast-check";

/** Marks what a visitor sends and the hub must neither log nor say again. In capitals: a tenant id, which may be logged, has none. */
export const CANARY = "S3CR3T";

/** Texts that programs have stumbled over. */
const DICTIONARY = [
  "",
  " ",
  "\t",
  ".",
  "..",
  "../..",
  "%2e%2e%2f",
  "%",
  "%zz",
  "%00",
  "%0d%0aSet-Cookie:%20a=b",
  "\r\nSet-Cookie: a=b",
  "\0",
  "\u007f",
  "\ufeff",
  "\u202e",
  "\ud800",
  "İ",
  "ﬁ",
  "日本 🎉",
  "null",
  "undefined",
  "NaN",
  "-0",
  "1e999",
  "9007199254740993",
  "true",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "<script>alert(1)</script>",
  "</script><!--",
  `"'><img src=x onerror=alert(1)>`,
  "javascript:alert(1)",
  "data:text/html,x",
  "${7*7}",
  "'; DROP TABLE tenants; --",
  "a;b",
  "a,b",
  "a=b",
  "*",
  "W/",
  ":0",
  "[::1]",
  "::ffff:1.2.3.4",
  "x".repeat(300),
  "x".repeat(5000),
  `${"[".repeat(3000)}${"]".repeat(3000)}`,
  `{"a":`.repeat(500),
];

/** A text out of the dictionary, or of any characters, or several of them together; with the canary in some. */
export const nasty: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...DICTIONARY) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...DICTIONARY), { maxLength: 3 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.constantFrom(...DICTIONARY).map((text) => `${CANARY}${text}`) },
);

/** Mostly what is expected, so that a fuzz gets further than the first check. */
export function mostly<Value>(expected: fc.Arbitrary<Value>, otherwise: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 4, arbitrary: expected }, { weight: 1, arbitrary: otherwise });
}
