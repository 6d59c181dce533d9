import { describe, expect, test } from "vitest";
import { type TrustedOrigin, parseTrustedDomain } from "../../protocol/origins.ts";
import { explainDistrust, readOrigin, trustedBy } from "../../scripts/trust/explain-trust.ts";

function trusted(...domains: string[]): TrustedOrigin[] {
  return domains.map((domain) => {
    const parsed = parseTrustedDomain(domain);
    if (!parsed.ok) throw new Error(`${domain} ${parsed.reason}`);
    return parsed.value;
  });
}

describe("an origin to check", () => {
  test.each([
    ["https://www.shop-a.com", "https://www.shop-a.com", false],
    ["https://www.shop-a.com/", "https://www.shop-a.com", true],
    ["https://www.shop-a.com/cart?x#y", "https://www.shop-a.com", true],
    ["HTTPS://WWW.Shop-A.com:443", "https://www.shop-a.com", true],
    ["www.shop-a.com", "https://www.shop-a.com", true],
    ["www.shop-a.com:8443/cart", "https://www.shop-a.com:8443", true],
    ["http://localhost:3000", "http://localhost:3000", false],
    ["https://bücher.example", "https://xn--bcher-kva.example", true],
  ])("%s is taken as %s", (typed, origin, isAdapted) => {
    expect(readOrigin(typed)).toEqual({ ok: true, value: { origin, isAdapted } });
  });

  test.each([
    ["", "is no origin"],
    ["https://", "is no origin"],
    ["data:text/html,x", "is no origin"],
    ["file:///index.html", "has the origin null"],
  ])("%j is refused: it %s", (typed, why) => {
    expect(readOrigin(typed)).toEqual({ ok: false, reason: expect.stringContaining(why) });
  });
});

describe("an origin", () => {
  test("is trusted by the entry that says so", () => {
    const domains = trusted("www.shop-a.com", "*.shop-b.com");
    expect(trustedBy("https://www.shop-a.com", domains)).toBe("https://www.shop-a.com");
    expect(trustedBy("https://de.www.shop-b.com", domains)).toBe("https://*.shop-b.com");
    expect(trustedBy("https://shop-b.com", domains)).toBeUndefined();
  });

  test.each([
    [
      "http://www.shop-a.com",
      ["other.example", "www.shop-a.com"],
      "https://www.shop-a.com is https:// and not http://",
    ],
    ["http://www.shop-b.com", ["*.shop-b.com"], "https://*.shop-b.com is https:// and not http://"],
    ["https://localhost:3000", ["http://localhost:3000"], "http://localhost:3000 is http:// and not https://"],
    ["https://www.shop-a.com:8443", ["www.shop-a.com"], "https://www.shop-a.com has no port, and not 8443"],
    ["https://www.shop-a.com", ["www.shop-a.com:8443"], "https://www.shop-a.com:8443 has port 8443, and not none"],
    ["https://www.shop-b.com:81", ["*.shop-b.com"], "https://*.shop-b.com has no port, and not 81"],
    [
      "https://shop-b.com",
      ["*.shop-b.com"],
      "https://*.shop-b.com covers the names below shop-b.com, and not shop-b.com itself",
    ],
    ["https://shop-a.com", ["www.shop-a.com"], "https://www.shop-a.com is another host: with and without www."],
    ["https://www.shop-a.com", ["shop-a.com"], "https://shop-a.com is another host: with and without www."],
    ["https://www.shopa.com", ["www.shop-a.com"], "https://www.shop-a.com is the nearest in spelling"],
    ["https://else.example", ["www.shop-a.com"], "https://www.shop-a.com is the only domain"],
    ["https://else.example", ["www.shop-a.com", "*.shop-b.com"], "none of the 2 domains is near it"],
    ["https://else.example", [], "the tenant trusts nobody"],
  ])("%s is not trusted by %j: %s", (origin, domains, why) => {
    const entries = trusted(...domains);
    expect(trustedBy(origin, entries)).toBeUndefined();
    expect(explainDistrust(origin, entries)).toContain(why);
  });
});
