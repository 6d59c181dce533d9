import fc from "fast-check";
import { MAX_TRUSTED_DOMAINS } from "../../../protocol/limits.ts";
import { mostly, nasty } from "./nasty.ts";

const HOSTS = [
  "shop-a.test",
  "www.shop-b.test",
  "WWW.Shop-B.test",
  "shop-a.test:8443",
  "shop-a.test:443",
  "bücher.test",
  "xn--bcher-kva.test",
  "shop_a.test",
  "localhost",
  "a.localhost:3000",
  "127.0.0.1",
  "[::1]:3000",
  "127.1",
  "192.168.1.2",
  "com",
  "shop-a.test.",
  "a..test",
  ".test",
  "shop-a.test%2f",
  "shop%2da.test",
  "shop-a.test%3bscript-src",
  "shop-a.test;script-src",
  "shop-a.test,default-src",
  "shop-a.test'unsafe-inline'",
  "user@shop-a.test",
  "shop-a.test/path",
  "shop-a.test\0",
  "ｓhop-a.test",
  "shop-a。test",
  "shop-a.test:99999",
];

/** One entry of TRUSTED_DOMAINS, good or not. */
const domain: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("https://", "https://", "", "http://", "HTTPS://", "ftp://", "javascript://", "https:/", "//"),
    fc.constantFrom("", "", "", "*.", "*", "*.*."),
    mostly(fc.oneof(fc.constantFrom(...HOSTS), fc.domain()), nasty),
  )
  .map((parts) => parts.join(""));

/** Entries that are good: most documents need them to get further than the first complaint. */
const goodDomain = fc
  .tuple(fc.constantFrom("https://", ""), fc.constantFrom("", "*."), fc.domain(), fc.constantFrom("", ":8443"))
  .map((parts) => parts.join(""));

const domains = fc.oneof(
  { weight: 8, arbitrary: fc.array(goodDomain, { maxLength: 8 }) },
  { weight: 8, arbitrary: fc.array(mostly(goodDomain, domain), { maxLength: 5 }) },
  { weight: 2, arbitrary: fc.array(mostly(goodDomain, fc.jsonValue() as fc.Arbitrary<string>), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(MAX_TRUSTED_DOMAINS, MAX_TRUSTED_DOMAINS + 1)
      .map((count) => Array.from({ length: count }, (_, n) => `https://shop-${n}.test`)),
  },
);

const field = fc.oneof(
  fc.tuple(fc.constant("displayName"), mostly(fc.constantFrom<unknown>("Acme", "</script><b>"), anything())),
  fc.tuple(fc.constant("accentColor"), mostly(fc.constantFrom<unknown>("#0a7d55", "#FFFFFF", "red"), anything())),
  fc.tuple(
    fc.constant("privacyUrl"),
    mostly(fc.constantFrom<unknown>("https://shop-a.test/?<b>", "http://a"), anything()),
  ),
  fc.tuple(fc.constant("sessionMaxAgeSeconds"), mostly(fc.constantFrom<unknown>(60, 34_560_000, 59, 1.5), anything())),
  fc.tuple(fc.constant("handoff"), mostly(fc.boolean() as fc.Arbitrary<unknown>, anything())),
  fc.tuple(mostly(fc.constantFrom("__proto__", "constructor", "TRUSTED_DOMAINS", "version"), nasty), anything()),
);

function anything(): fc.Arbitrary<unknown> {
  return fc.oneof(nasty, fc.jsonValue(), fc.double());
}

/** Written by hand, for an object literal would take `__proto__` for its prototype, and no name twice. */
const object = fc.tuple(domains, fc.array(field, { maxLength: 3 })).map(([domains, fields]) => {
  const members = [["TRUSTED_DOMAINS", domains] as const, ...fields];
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? "null"}`).join()}}`;
});

const valid = fc.oneof(
  domains.map((list) => JSON.stringify(list)),
  object,
);

/** A document with one character too many, too few, or wrong, as a hand or a disk might leave it. */
const damaged = fc
  .tuple(valid, fc.nat(), fc.constantFrom("", '"', ",", "}", "\\", "\0", "\ufeff", "1e999"), fc.boolean())
  .map(([text, at, put, isReplaced]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + (isReplaced ? 1 : 0));
  });

/** The text that KV holds under a tenant's id. */
export const documentText: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 6, arbitrary: valid },
    { weight: 2, arbitrary: damaged },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: nasty },
  )
  // KV keeps UTF-8.
  .map((text) => text.toWellFormed());
