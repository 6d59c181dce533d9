import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTrustedOrigin, parseTrustedDomain, partsOf, trustedScope } from "../../protocol/origins.ts";

function parsed(entry: string) {
  const result = parseTrustedDomain(entry);
  if (!result.ok) throw new Error(`${entry} ${result.reason}`);
  return result.value;
}

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((text) => !text.startsWith("xn--"));
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const port = fc.option(
  fc.integer({ min: 1, max: 65_535 }).filter((number) => number !== 443),
  { nil: undefined },
);

describe("an entry of TRUSTED_DOMAINS", () => {
  test.each([
    ["https://www.shop-a.com", "https://www.shop-a.com"],
    ["www.shop-a.com", "https://www.shop-a.com"],
    ["HTTPS://WWW.Shop-A.com:443", "https://www.shop-a.com"],
    ["www.shop-a.com:8443", "https://www.shop-a.com:8443"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["*.shop-b.com", "https://*.shop-b.com"],
    ["https://*.shop-b.com:8443", "https://*.shop-b.com:8443"],
    ["http://localhost", "http://localhost"],
    ["http://shop-a.localhost:8788", "http://shop-a.localhost:8788"],
    ["http://*.shops.localhost", "http://*.shops.localhost"],
    ["http://127.0.0.1:3000", "http://127.0.0.1:3000"],
    ["http://[::1]:3000", "http://[::1]:3000"],
  ])("%s is understood as %s", (entry, canonical) => {
    expect(parsed(entry)).toBe(canonical);
  });

  test.each([
    ["*", "trusts every site"],
    ["https://*", "whole first label"],
    ["*.com", "two labels or more"],
    ["https://*.localhost", "two labels or more"],
    ["*.127.0.0.1", "is not a domain|two labels"],
    ["*.[::1]", "two labels or more|is not a domain"],
    ["www*.shop.com", "whole first label"],
    ["*.*.shop.com", "whole first label"],
    ["www.*.com", "whole first label"],
    ["http://www.shop-a.com", "must be https://"],
    ["http://localhost.evil.example", "must be https://"],
    ["http://evil-localhost", "must be https://"],
    ["ftp://www.shop-a.com", "must be https://"],
    ["javascript://www.shop-a.com", "must be https://"],
    ["https://www.shop-a.com/", "no path"],
    ["https://www.shop-a.com/chat", "no path"],
    ["www.shop-a.com?x", "no path"],
    ["www.shop-a.com#x", "no path"],
    ["https://user:secret@www.shop-a.com", "credentials"],
    ["www.shop-a.com\\@evil.example", "no path"],
    [" www.shop-a.com", "spaces"],
    ["www.shop-a.com\n", "spaces"],
    ["www.shop-a.com.", "must not end in a dot"],
    ["*..shop.test", "empty label"],
    ["https://..shop.test", "empty label"],
    ["https://.shop.test", "empty label"],
    [".shop.test", "empty label"],
    ["www..shop.test", "empty label"],
    ["http://.localhost", "empty label"],
    ["https://", "is not a domain"],
    ["", "is not a domain"],
    ["www.shop-a.com:99999", "is not a domain"],
    ["www.shop-a.com;script-src", "is not a domain"],
    ["www.shop-a.com%3bscript-src", "is not a domain"],
    ["www.shop-a.com,default-src", "is not a domain"],
    ["*.shop-a.com'", "is not a domain"],
    ["^https://.*$", "whole first label"],
  ])("%j is refused, saying why", (entry, why) => {
    expect(parseTrustedDomain(entry)).toEqual({ ok: false, reason: expect.stringMatching(why) });
  });

  test("a bare null is a host name like any other, which the opaque origin null never equals", () => {
    expect(isTrustedOrigin("null", [parsed("null")])).toBe(false);
  });

  test.each([null, undefined, 7, {}, ["https://a.example"]])("%j is refused for not being a string", (entry) => {
    expect(parseTrustedDomain(entry)).toEqual({ ok: false, reason: "is not a string" });
  });

  test("whatever it is, parsing never throws, and what parses is canonical", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), host), (entry) => {
        const result = parseTrustedDomain(entry);
        if (!result.ok) return;
        expect(parsed(result.value)).toBe(result.value);
        expect(partsOf(result.value).origin).toMatch(
          /^https:\/\/|^http:\/\/(.*localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/,
        );
      }),
    );
    // The first binary string of fast-check takes seconds on a busy machine.
  }, 30_000);
});

describe("a trusted origin", () => {
  test("is the entry's own origin, and no look-alike", () => {
    const trusted = [parsed("https://www.shop-a.com")];
    expect(isTrustedOrigin("https://www.shop-a.com", trusted)).toBe(true);
    for (const lookAlike of [
      "https://www.shop-a.com.evil.example",
      "https://evil.example/www.shop-a.com",
      "https://www.shop-a.com:8443",
      "http://www.shop-a.com",
      "https://www.shop-a.com.",
      "https://WWW.shop-a.com",
      "https://shop-a.com",
      "https://sub.www.shop-a.com",
      "https://wwwxshop-a.com",
      "https://www.shop-a.co",
      "https://xn--shop-a-9za.com",
      "https://www.shop-a.com@evil.example",
      "https://www.shop-a.com/",
      "null",
      "",
      "file://",
    ]) {
      expect(isTrustedOrigin(lookAlike, trusted), lookAlike).toBe(false);
    }
  });

  test("under a wildcard is any subdomain at any depth, but not the apex", () => {
    const trusted = [parsed("https://*.shop-b.com")];
    expect(isTrustedOrigin("https://www.shop-b.com", trusted)).toBe(true);
    expect(isTrustedOrigin("https://a.b.shop-b.com", trusted)).toBe(true);
    for (const other of [
      "https://shop-b.com",
      "https://evilshop-b.com",
      "https://www.shop-b.com.evil.example",
      "http://www.shop-b.com",
      "https://www.shop-b.com:8443",
      "https://www.shop-b.com.",
      "https://WWW.shop-b.com",
      "https://x@www.shop-b.com",
      "https://www.shop-b.com/",
      "https://.shop-b.com",
      "https://..shop-b.com",
      "https://www..shop-b.com",
      "https://.www.shop-b.com",
      "null",
    ]) {
      expect(isTrustedOrigin(other, trusted), other).toBe(false);
    }
  });

  test("never has an empty label, wherever the extra dots are", () => {
    fc.assert(
      fc.property(host, fc.array(label, { maxLength: 2 }), fc.nat(), fc.integer({ min: 1, max: 3 }), (...drawn) => {
        const [domain, subs, place, dots] = drawn;
        const labels = [...subs, domain];
        const at = place % labels.length;
        const dotted = labels.with(at, `${".".repeat(dots)}${labels[at]}`).join(".");
        // Browsers do parse such a host, and report it as an origin.
        expect(new URL(`https://${dotted}`).origin).toBe(`https://${dotted}`);
        expect(isTrustedOrigin(`https://${dotted}`, [parsed(`*.${domain}`)])).toBe(false);
        expect(parseTrustedDomain(dotted).ok).toBe(false);
        expect(parseTrustedDomain(`*.${dotted}`).ok).toBe(false);
      }),
    );
  });

  test("an exact entry matches the one origin that it names, whatever is around it", () => {
    fc.assert(
      fc.property(host, port, host, (domain, number, other) => {
        const origin = `https://${domain}${number === undefined ? "" : `:${number}`}`;
        const trusted = [parsed(origin)];
        expect(isTrustedOrigin(origin, trusted)).toBe(true);
        expect(isTrustedOrigin(`${origin}.${other}`, trusted)).toBe(false);
        expect(isTrustedOrigin(`https://${other}.${domain}${number === undefined ? "" : `:${number}`}`, trusted)).toBe(
          false,
        );
        expect(isTrustedOrigin(`${origin}0`, trusted)).toBe(false);
        expect(isTrustedOrigin(origin.replace("https", "http"), trusted)).toBe(false);
      }),
    );
  });

  test("a wildcard entry matches subdomains alone", () => {
    fc.assert(
      fc.property(host, host, label, (domain, other, sub) => {
        const trusted = [parsed(`*.${domain}`)];
        expect(isTrustedOrigin(`https://${sub}.${domain}`, trusted)).toBe(true);
        expect(isTrustedOrigin(`https://${domain}`, trusted)).toBe(false);
        expect(isTrustedOrigin(`https://${sub}${domain}`, trusted)).toBe(false);
        expect(isTrustedOrigin(`https://${sub}.${domain}.${other}`, trusted)).toBe(false);
      }),
    );
  });

  test("no arbitrary text passes for one", () => {
    const trusted = [parsed("https://www.shop-a.com"), parsed("*.shop-b.com")];
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(isTrustedOrigin(text, trusted)).toBe(false);
      }),
    );
  });
});

describe("the scope of a page's session cookies", () => {
  const trusted = [
    "*.shop.example",
    "*.eu.shop.example",
    "https://www.other.example",
    "https://*.ports.example:8443",
    "https://*.www.narrow.example",
    "https://www.narrow.example",
  ].map(parsed);

  test.each([
    ["https://www.narrow.example", ".www.narrow.example"],
    ["https://www.shop.example", ".shop.example"],
    ["https://a.eu.shop.example", ".shop.example"],
    ["https://shop.example", ".shop.example"],
    ["https://shop.example.evil.example", "-"],
    ["https://evilshop.example", "-"],
    ["http://www.shop.example", "-"],
    ["https://www.shop.example:8443", "-"],
    ["https://www.other.example", "-"],
    ["https://www.ports.example", "-"],
    ["https://www.ports.example:8443", ".ports.example"],
    ["null", "-"],
    ["", "-"],
  ])("at %s is %j", (origin, scope) => {
    expect(trustedScope(origin, trusted)).toBe(scope);
  });
});
