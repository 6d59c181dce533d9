import { describe, expect, test } from "vitest";
import { serialise } from "../../scripts/tenant/read-document.ts";
import { showChanges, showRemoval } from "../../scripts/tenant/show-changes.ts";
import { checkTenantDocument } from "../../tenants/tenant-document.ts";

function show(present: unknown, next: unknown) {
  const checked = checkTenantDocument(next);
  if (!checked.ok) throw new Error("The test's document is bad.");
  const text = present === null || typeof present === "string" ? present : JSON.stringify(present);
  return showChanges("acme", text, { text: serialise(next), tenant: checked.value });
}

describe("what a document changes", () => {
  test("for a new tenant is all that it says, with what it leaves to the default", () => {
    expect(show(null, ["b.example", "a.example"])).toEqual({
      isChanged: true,
      removesDomains: false,
      lines: [
        "acme: new tenant, 2 domains",
        "  + https://b.example",
        "  + https://a.example",
        "  session cookies: each host's own",
        "  sessionMaxAgeSeconds: 604800",
        "  handoff: true",
      ],
    });
  });

  test("is told by meaning: domains that come and go, settings before and after", () => {
    const before = { TRUSTED_DOMAINS: ["a.example", "b.example"], displayName: "Acme", handoff: true };
    const after = { TRUSTED_DOMAINS: ["https://A.example", "*.c.example"], handoff: false, accentColor: "#0a7d55" };
    expect(show(before, after)).toEqual({
      isChanged: true,
      removesDomains: true,
      lines: [
        "acme: changes",
        "  + https://*.c.example",
        "  - https://b.example",
        "  c.example and its subdomains share session cookies",
        "  handoff: true → false",
        '  displayName: "Acme" → none',
        '  accentColor: none → "#0a7d55"',
      ],
    });
  });

  test("is nothing if KV has the same, whatever its spaces and $schema", () => {
    const present = '{ "$schema": "x",\n "TRUSTED_DOMAINS": ["a.example"] }';
    expect(show(present, { TRUSTED_DOMAINS: ["a.example"] })).toMatchObject({
      isChanged: false,
      lines: ["acme: nothing changes"],
    });
  });

  test("is said to be its writing alone, if so", () => {
    expect(show(["a.example", "b.example"], { TRUSTED_DOMAINS: ["b.example", "a.example"] })).toEqual({
      isChanged: true,
      removesDomains: false,
      lines: ["acme: the same domains and settings, written differently"],
    });
  });

  test("counts from nothing, if what KV has is invalid", () => {
    const { isChanged, lines } = show("[", ["a.example"]);
    expect(isChanged).toBe(true);
    expect(lines[0]).toBe("acme: what KV has is invalid, and trusts nobody (is not JSON); it is replaced by 1 domain");
    expect(lines[1]).toBe("  + https://a.example");
    expect(lines[2]).toBe("  session cookies: each host's own");
  });

  test("says nothing of session cookies where the domains stay", () => {
    const domains = { TRUSTED_DOMAINS: ["*.a.example"] };
    expect(show(domains, { ...domains, handoff: false }).lines).toEqual(["acme: changes", "  handoff: true → false"]);
  });
});

describe("the scope of session cookies", () => {
  test.each([
    [["www.a.example", "b.example"], ["session cookies: each host's own"]],
    [[], ["session cookies: each host's own"]],
    [["a.example", "*.a.example"], ["a.example and its subdomains share session cookies"]],
    [["*.eu.a.example", "*.a.example"], ["a.example and its subdomains share session cookies"]],
    [["*.a.example", "*.a.example:8443"], ["a.example and its subdomains share session cookies"]],
    [
      ["*.eu.a.example", "*.b.example"],
      ["eu.a.example and its subdomains share session cookies", "b.example and its subdomains share session cookies"],
    ],
  ])("of %j is said", (domains, said) => {
    const { lines } = show(null, domains);
    expect(lines.filter((line) => line.includes("session cookies"))).toEqual(said.map((line) => `  ${line}`));
  });
});

describe("what goes with a tenant", () => {
  test("are its domains", () => {
    expect(showRemoval("acme", '["a.example"]')).toEqual([
      "acme: tenant to be removed, 1 domain",
      "  - https://a.example",
    ]);
  });

  test("is nothing that anybody trusted, if the document is invalid", () => {
    expect(showRemoval("acme", "{}")).toEqual([
      "acme: tenant to be removed; what KV has is invalid, and trusts nobody",
    ]);
  });
});
