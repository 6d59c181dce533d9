import { writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { checkDocument } from "../../scripts/tenant/check-document.ts";
import { findJsonPlaces } from "../../scripts/tenant/json-places.ts";
import { readDocument } from "../../scripts/tenant/read-document.ts";
import { temporaryFolder } from "../browser/harness/temporary-folder.ts";

const LOCAL = { remote: false };
const folder = temporaryFolder("carryover-findings-");

afterAll(() => folder.remove());

function findings(document: unknown, place = LOCAL): string[] {
  return checkDocument(document, place).findings.map(
    ({ isError, path, message }) => `${isError ? "refused" : "warning"}: ${path} ${message}`,
  );
}

function readText(text: string | Uint8Array) {
  const file = path.join(folder.path, "acme.json");
  writeFileSync(file, text);
  return readDocument(file, "acme.json", LOCAL);
}

describe("a wildcard", () => {
  test.each(["*.co.uk", "https://*.github.io", "*.workers.dev", "*.kawasaki.jp", "*.pages.dev:8443"])(
    "over a public suffix, as %s, is refused",
    (domain) => {
      const { findings: found, tenant } = checkDocument([domain], LOCAL);
      expect(found).toEqual([
        { isError: true, path: "TRUSTED_DOMAINS[0]", message: expect.stringContaining("public suffix") },
      ]);
      expect(tenant).toBeUndefined();
    },
  );

  test.each(["*.shop.co.uk", "https://*.acme.github.io", "*.city.kawasaki.jp", "*.shops.localhost", "*.acme.internal"])(
    "over a name that one owner has, as %s, is not",
    (domain) => {
      expect(findings([domain, domain.replace("*.", "")])).toEqual([]);
    },
  );

  test("shares session cookies with its apex, and warns where no entry trusts that", () => {
    expect(findings(["www.shop-a.com", "https://*.shop-b.com"])).toEqual([
      'warning: TRUSTED_DOMAINS[1] "https://*.shop-b.com" shares session cookies with shop-b.com itself, ' +
        'which is not trusted: add it, or have pages say cookie.domain: "host"',
    ]);
  });

  test.each([
    ["by an entry of its own", ["shop-b.com", "*.shop-b.com"]],
    ["by one with another port, which cookies do not know", ["shop-b.com:8443", "*.shop-b.com"]],
    ["by a wildcard further up", ["shop-b.com", "*.shop-b.com", "*.eu.shop-b.com"]],
  ])("does not where it is trusted %s", (_, domains) => {
    expect(findings(domains).filter((finding) => finding.includes("session cookies"))).toEqual([]);
  });

  test("that is there twice warns of its apex once", () => {
    const found = findings(["*.shop-b.com", "https://*.shop-b.com"]);
    expect(found.filter((finding) => finding.includes("session cookies"))).toHaveLength(1);
  });

  test("is the matter, not the suffix: the very site is fine", () => {
    expect(findings(["https://github.io"])).toEqual([]);
  });
});

describe("an unknown key", () => {
  test.each([
    ["displayname", "displayName"],
    ["display_name", "displayName"],
    ["name", "displayName"],
    ["accentColour", "accentColor"],
    ["color", "accentColor"],
    ["privacyURL", "privacyUrl"],
    ["sessionMaxAge", "sessionMaxAgeSeconds"],
    ["hand-off", "handoff"],
    ["trustedDomains", "TRUSTED_DOMAINS"],
    ["schema", "$schema"],
  ])("%s is warned of, and %s proposed", (key, meant) => {
    expect(findings({ TRUSTED_DOMAINS: ["shop-a.com"], [key]: "x" })).toEqual([
      `warning: ${key} is an unknown key, without effect: did you mean "${meant}"?`,
    ]);
  });

  test("that is like no other is told which there are", () => {
    expect(findings({ TRUSTED_DOMAINS: ["shop-a.com"], owner: "x" })).toEqual([
      expect.stringContaining("this version knows TRUSTED_DOMAINS, displayName,"),
    ]);
  });

  test("does not keep the document from being stored, and is stored with it", () => {
    expect(readText('{"TRUSTED_DOMAINS":["shop-a.com"],"owner":"x"}').document?.text).toBe(
      '{"TRUSTED_DOMAINS":["shop-a.com"],"owner":"x"}',
    );
  });

  test("$schema is none; it is for editors, and not stored", () => {
    const { document, warnings } = readText('{ "$schema": "./x.json", "TRUSTED_DOMAINS": ["shop-a.com"] }');
    expect(warnings).toEqual([]);
    expect(document?.text).toBe('{"TRUSTED_DOMAINS":["shop-a.com"]}');
  });
});

describe("a domain", () => {
  test("that is there already, in whatever writing, is warned of", () => {
    expect(findings(["https://www.shop-a.com", "WWW.Shop-A.com:443"])).toEqual([
      'warning: TRUSTED_DOMAINS[1] "WWW.Shop-A.com:443" repeats TRUSTED_DOMAINS[0]',
    ]);
  });

  test.each(["www.shop-b.com", "*.eu.shop-b.com"])("%s that a wildcard covers is warned of", (domain) => {
    expect(findings([domain, "*.shop-b.com", "shop-b.com"])).toEqual([
      `warning: TRUSTED_DOMAINS[0] "${domain}" is covered by TRUSTED_DOMAINS[1] "*.shop-b.com"`,
    ]);
  });

  test.each(["shop-b.com", "www.shop-b.com:8443", "myshop-b.com"])("%s that it does not cover is not", (domain) => {
    expect(findings([domain, "*.shop-b.com"]).filter((finding) => finding.includes("covered"))).toEqual([]);
  });

  test.each(["http://localhost:3000", "https://shop.localhost", "http://127.0.0.1"])(
    "%s of the visitor's own machine is warned of in a deployed hub, and nowhere else",
    (domain) => {
      expect(findings([domain], { remote: true })).toEqual([expect.stringContaining("each visitor's own machine")]);
      expect(findings([domain], LOCAL)).toEqual([]);
    },
  );

  test("may be missing altogether, with a warning that nobody is trusted", () => {
    const warning = "warning: TRUSTED_DOMAINS is empty: no site can use this tenant";
    expect(findings([])).toEqual([warning]);
    expect(findings({ TRUSTED_DOMAINS: [] })).toEqual([warning]);
  });
});

describe("a file", () => {
  test("that is bad has every complaint with its line, and no document", () => {
    const text = `{
  "TRUSTED_DOMAINS": [
    "https://www.shop-a.com",
    "http://b.example", "*.co.uk"
  ],
  "displayname": "Acme",
  "handoff": "yes"
}`;
    expect(readText(text)).toEqual({
      document: undefined,
      errors: [
        'acme.json:4: TRUSTED_DOMAINS[1] "http://b.example" must be https:// (http:// is for loopback hosts only)',
        'acme.json:4: TRUSTED_DOMAINS[2] "*.co.uk" would trust everybody\'s sites: co.uk is a public suffix; name the domains',
        "acme.json:7: handoff must be true or false",
      ],
      warnings: ['acme.json:6: warning: displayname is an unknown key, without effect: did you mean "displayName"?'],
    });
  });

  test("that is a bare array has lines, too", () => {
    expect(readText('[\n  "https://www.shop-a.com",\n  7\n]').errors).toEqual([
      "acme.json:3: TRUSTED_DOMAINS[1] 7 is not a string",
    ]);
  });

  test("without domains, and with a key that is like theirs, says both", () => {
    const { errors, warnings } = readText('{\n  "trusted_domains": []\n}');
    expect(errors).toEqual(["acme.json: TRUSTED_DOMAINS is missing"]);
    expect(warnings).toEqual([expect.stringContaining("acme.json:2: warning: trusted_domains is an unknown key")]);
  });

  test("that names a key twice is refused: JSON.parse would take the last in silence", () => {
    expect(readText('{\n  "TRUSTED_DOMAINS": ["a.example"],\n  "TRUSTED_DOMAINS": ["b.example"]\n}').errors).toEqual([
      "acme.json:3: TRUSTED_DOMAINS is there twice",
    ]);
  });

  test("that is no JSON is told where it ends to be", () => {
    expect(readText('[\n  "shop-a.com"\n  "shop-b.com"\n]').errors).toEqual([
      expect.stringMatching(/^acme\.json: is not JSON: .*line 3 column 3/),
    ]);
  });

  test("may begin with a byte order mark, as Windows editors write it", () => {
    expect(readText('\uFEFF["shop-a.com"]').document?.text).toBe('["shop-a.com"]');
  });

  test("that is not UTF-8 is refused as such", () => {
    expect(readText(Buffer.from('["bücher.example"]', "latin1")).errors).toEqual([
      "acme.json: is not UTF-8 text; save it as UTF-8",
    ]);
  });

  test("that is not there is refused as such", () => {
    expect(readDocument(path.join(folder.path, "none.json"), "none.json", LOCAL).errors).toEqual([
      "none.json: there is no such file",
    ]);
  });
});

describe("the line of a value", () => {
  test("is found in whatever JSON, by whatever writing", () => {
    const indentation = fc.constantFrom(0, 2, 4, "\t");
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), indentation, (before, space) => {
        const text = JSON.stringify({ before, wanted: ['}{",[\n', { here: "needle!" }] }, null, space);
        const line = text.slice(0, text.lastIndexOf('"needle!"')).split("\n").length;
        expect(findJsonPlaces(text).lineOf("wanted[1].here")).toBe(line);
      }),
    );
  });

  test("and keys that are there twice are found at any depth, and only they", () => {
    expect(findJsonPlaces('{"a.b":0,"a":{"b":1,"c":{"b":2},"b":3},"b":"a"}').repeatedKeys).toEqual(["a.b"]);
  });
});
