import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { Ajv, type SchemaObject } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkDocument } from "../../scripts/tenant/check-document.ts";
import { checkTenantDocument } from "../../tenants/tenant-document.ts";
import { tenantSchema } from "../../tenants/tenant-schema.ts";

const EXAMPLES = path.join(import.meta.dirname, "../../tenants/examples");

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
ajv.addKeyword("patternErrorMessage");
const takesIt = ajv.compile(tenantSchema() as SchemaObject);

const entry = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.domain(),
  fc.webUrl(),
  fc
    .tuple(
      fc.constantFrom("", "https://", "http://", "HTTPS://", "Http://"),
      fc.constantFrom("", "*."),
      fc.oneof(
        fc.domain(),
        fc.ipV4Extended(),
        fc.domain().map((name) => name.toUpperCase()),
        fc.constantFrom(
          "localhost",
          "LOCALHOST",
          "shop.localhost",
          "shop.LocalHost",
          "[::1]",
          "bücher.example",
          "a_b.c",
        ),
      ),
      fc.constantFrom("", ":80", ":3000", ":"),
    )
    .map((parts) => parts.join("")),
);

const document = fc.oneof(
  fc.array(entry),
  fc.record(
    {
      $schema: fc.webUrl(),
      TRUSTED_DOMAINS: fc.array(entry),
      displayName: fc.string({ maxLength: 90 }),
      accentColor: fc.oneof(fc.string(), fc.stringMatching(/^#[\da-fA-F]{6}$/)),
      privacyUrl: fc.oneof(fc.webUrl(), fc.webUrl({ validSchemes: ["https"], withFragments: true }), fc.string()),
      sessionMaxAgeSeconds: fc.oneof(fc.integer(), fc.integer({ min: 60, max: 34_560_000 }), fc.double()),
      handoff: fc.oneof(fc.boolean(), fc.string()),
    },
    { requiredKeys: ["TRUSTED_DOMAINS"] },
  ),
);

describe("the schema for editors", () => {
  test("takes every document that the Worker takes", () => {
    let taken = 0;
    fc.assert(
      fc.property(document, (candidate) => {
        if (!checkTenantDocument(candidate).ok) return;
        taken++;
        expect(takesIt(candidate), ajv.errorsText(takesIt.errors)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test.each([
    "https://www.shop-a.com",
    "www.shop-a.com",
    "HTTPS://WWW.Shop-A.com:443",
    "https://*.shop-b.com:8443",
    "https://bücher.example",
    "http://localhost",
    "http://shop-a.localhost:8788",
    "http://shop.LOCALHOST",
    "http://127.0.0.1:3000",
    "http://127.1",
    "http://0x7f000001",
    "http://[::1]:3000",
  ])("takes the domain %s, as the Worker does", (domain) => {
    expect(checkTenantDocument([domain]).ok).toBe(true);
    expect(takesIt([domain])).toBe(true);
    expect(takesIt({ TRUSTED_DOMAINS: [domain] })).toBe(true);
  });

  test.each([
    "*",
    "https://*",
    "www*.shop.com",
    "www.*.com",
    "http://www.shop-a.com",
    "http://*.shop-a.com",
    "http://localhost.evil.example",
    "ftp://www.shop-a.com",
    "https://www.shop-a.com/",
    "www.shop-a.com?x",
    "https://user:secret@www.shop-a.com",
    " www.shop-a.com",
    "https://",
    "",
    7,
    null,
  ])("marks the domain %j, which the Worker refuses", (domain) => {
    expect(checkTenantDocument([domain]).ok).toBe(false);
    expect(takesIt([domain])).toBe(false);
    expect(takesIt({ TRUSTED_DOMAINS: [domain] })).toBe(false);
  });

  test.each([
    null,
    7,
    "https://www.shop-a.com",
    {},
    { TRUSTED_DOMAINS: "https://www.shop-a.com" },
    Array.from({ length: 501 }, (_, index) => `shop-${index}.example`),
    { TRUSTED_DOMAINS: [], displayName: "" },
    { TRUSTED_DOMAINS: [], displayName: "x".repeat(81) },
    { TRUSTED_DOMAINS: [], accentColor: "green" },
    { TRUSTED_DOMAINS: [], privacyUrl: "javascript:alert(1)" },
    { TRUSTED_DOMAINS: [], sessionMaxAgeSeconds: 0.5 },
    { TRUSTED_DOMAINS: [], sessionMaxAgeSeconds: 34_560_001 },
    { TRUSTED_DOMAINS: [], handoff: "yes" },
  ])("marks the document %j, which the Worker refuses", (candidate) => {
    expect(checkTenantDocument(candidate).ok).toBe(false);
    expect(takesIt(candidate)).toBe(false);
  });

  test("marks unknown keys, which the Worker lets pass: today they are typing errors", () => {
    expect(takesIt({ TRUSTED_DOMAINS: [], displayname: "Acme" })).toBe(false);
  });

  test("explains every key", () => {
    const { properties = {} } = tenantSchema();
    for (const [key, value] of Object.entries(properties)) {
      expect(value, key).toMatchObject({ description: expect.stringMatching(/\w/) });
    }
  });
});

describe.each(readdirSync(EXAMPLES))("the example %s", (file) => {
  const example: unknown = JSON.parse(readFileSync(path.join(EXAMPLES, file), "utf8"));

  test("is right, by the Worker, the tool and the schema it names", () => {
    expect(checkDocument(example, { remote: false }).findings).toEqual([]);
    expect(takesIt(example), ajv.errorsText(takesIt.errors)).toBe(true);
    expect(example).toMatchObject({ $schema: "https://chat-hub.example/tenant.schema.json" });
  });
});
