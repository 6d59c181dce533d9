import { describe, expect, test } from "vitest";
import { parseTenantDocument } from "../../tenants/tenant-document.ts";

function parse(document: unknown) {
  return parseTenantDocument(JSON.stringify(document));
}

function complaints(document: unknown): string[] {
  const result = parse(document);
  return result.ok ? [] : result.reason.map(({ path, message }) => `${path}: ${message}`);
}

describe("a tenant document", () => {
  test("may be a bare array of domains, with sessions kept for 7 days", () => {
    expect(parse(["www.shop-a.com"])).toEqual({
      ok: true,
      value: {
        trustedOrigins: ["https://www.shop-a.com"],
        sessionMaxAgeSeconds: 604_800,
        handoff: true,
      },
    });
  });

  test("may be the whole object that the operator's guide shows", () => {
    const document = {
      TRUSTED_DOMAINS: ["https://www.shop-a.com", "https://*.shop-b.com", "www.shop-c.com"],
      displayName: "Acme",
      accentColor: "#0a7d55",
      privacyUrl: "https://www.shop-a.com/privacy",
      sessionMaxAgeSeconds: 86_400,
      handoff: true,
    };
    expect(parse(document)).toMatchObject({ ok: true, value: { sessionMaxAgeSeconds: 86_400 } });
  });

  test("may repeat a domain; it counts once", () => {
    const result = parse(["www.shop-a.com", "https://WWW.shop-a.com:443", "*.shop-a.com"]);
    expect(result.ok && result.value.trustedOrigins).toHaveLength(2);
  });

  test("may trust nobody", () => {
    expect(parse([])).toMatchObject({ ok: true, value: { trustedOrigins: [] } });
  });

  test("may have keys of a later version", () => {
    expect(parse({ TRUSTED_DOMAINS: [], somethingNew: 1 }).ok).toBe(true);
  });

  test("is refused with every complaint and its place", () => {
    expect(
      complaints({
        TRUSTED_DOMAINS: ["https://ok.example", "*", "http://b.example", 7],
        displayName: "",
        accentColor: "green",
        privacyUrl: "javascript:alert(1)",
        sessionMaxAgeSeconds: 0.5,
        handoff: "yes",
      }),
    ).toEqual([
      'TRUSTED_DOMAINS[1]: "*" trusts every site; name the domains',
      'TRUSTED_DOMAINS[2]: "http://b.example" must be https:// (http:// is for loopback hosts only)',
      "TRUSTED_DOMAINS[3]: 7 is not a string",
      "displayName: must not be empty",
      'accentColor: must be a colour such as "#0a7d55"',
      "privacyUrl: must be an https:// URL",
      "sessionMaxAgeSeconds: must be a whole number of seconds",
      "sessionMaxAgeSeconds: must be at least 60 seconds",
      "handoff: must be true or false",
    ]);
  });

  test.each([
    [null, ": must be an object, or an array of domains"],
    [7, ": must be an object, or an array of domains"],
    ["https://www.shop-a.com", ": must be an object, or an array of domains"],
    [{}, "TRUSTED_DOMAINS: is missing"],
    [{ TRUSTED_DOMAINS: "https://www.shop-a.com" }, "TRUSTED_DOMAINS: must be an array of domains"],
    [{ TRUSTED_DOMAINS: [], displayName: 7 }, "displayName: must be text"],
  ])("cannot be %j", (document, complaint) => {
    expect(complaints(document)).toEqual([complaint]);
  });

  test("that is no JSON is refused as such", () => {
    expect(parseTenantDocument("[")).toEqual({ ok: false, reason: [{ path: "", message: "is not JSON" }] });
  });

  test("with __proto__ as a key changes nothing", () => {
    expect(parseTenantDocument('{"__proto__":{"TRUSTED_DOMAINS":["https://evil.example"]}}').ok).toBe(false);
    expect(({} as Record<string, unknown>)["TRUSTED_DOMAINS"]).toBeUndefined();
  });
});
