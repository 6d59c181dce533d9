import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { failure, success } from "../../protocol/result.ts";
import { check } from "../../scripts/tenant/check.ts";
import { get } from "../../scripts/tenant/get.ts";
import { list } from "../../scripts/tenant/list.ts";
import { remove } from "../../scripts/tenant/remove.ts";
import type { TenantStore } from "../../scripts/tenant/tenant-store.ts";
import { storeOf } from "./tenant-store-double.ts";

const place = { remote: false };
const broken = async () => failure("wrangler failed, in its own words");

let stdout: string[];
let stderr: string[];

beforeEach(() => {
  stdout = [];
  stderr = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void stdout.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
});

afterEach(() => vi.restoreAllMocks());

function storeWith(text: string, changes: Partial<TenantStore> = {}): TenantStore {
  return storeOf(new Map([["acme", text]]), changes);
}

describe("get", () => {
  const command = { name: "get", tenant: "acme", place } as const;

  test("prints the document alone, indented", async () => {
    expect(await get(command, storeWith('{"TRUSTED_DOMAINS":["a.example"],"later":1}'))).toBe(0);
    expect(JSON.parse(stdout.join("\n"))).toEqual({ TRUSTED_DOMAINS: ["a.example"], later: 1 });
    expect(stdout.join("\n")).toContain('\n  "later": 1\n');
    expect(stderr).toEqual([]);
  });

  test.each([
    ['["http://a.example"]', 'TRUSTED_DOMAINS[0] "http://a.example" must be https://'],
    ["no JSON", "is not JSON"],
  ])("prints %s too, and says on stderr what is wrong", async (text, complaint) => {
    expect(await get(command, storeWith(text))).toBe(0);
    expect(stdout.join("\n").replaceAll(/\n */g, "")).toBe(text);
    expect(stderr.join("\n")).toContain(complaint);
  });

  test("says so if there is none", async () => {
    expect(await get({ ...command, tenant: "acne" }, storeWith("[]"))).toBe(1);
    expect(stdout).toEqual([]);
    expect(stderr).toEqual(['There is no tenant "acne". See which there are: npm run tenant -- list']);
  });

  test("fails as wrangler does", async () => {
    expect(await get(command, storeWith("[]", { read: broken }))).toBe(2);
    expect(stderr).toEqual(["wrangler failed, in its own words"]);
  });
});

describe("list", () => {
  test("prints each key, and says which the hub never reads", async () => {
    const texts = new Map([
      ["acme", "[]"],
      ["Acme", "[]"],
    ]);
    expect(await list(storeOf(texts))).toBe(0);
    expect(stdout).toEqual(["acme", "Acme"]);
    expect(stderr).toEqual([expect.stringContaining('The hub never reads "Acme"')]);
  });

  test("prints nothing but a word on stderr, if there is none", async () => {
    expect(await list(storeOf(new Map()))).toBe(0);
    expect([stdout, stderr]).toEqual([[], ["There are no tenants."]]);
  });

  test("fails as wrangler does", async () => {
    expect(await list(storeOf(new Map(), { list: broken }))).toBe(2);
  });
});

describe("check", () => {
  function checkOrigin(origin: string, text: string): Promise<number> {
    return check({ name: "check", tenant: "acme", origin, place }, storeWith(text));
  }

  test("names the entry that trusts an origin", async () => {
    expect(await checkOrigin("https://de.shop-b.com", '["www.shop-a.com","*.shop-b.com"]')).toBe(0);
    expect([stdout, stderr]).toEqual([["trusted: https://de.shop-b.com, by https://*.shop-b.com"], []]);
  });

  test("says what an origin misses, and what it has taken for the origin", async () => {
    expect(await checkOrigin("SHOP-A.com/cart", '["www.shop-a.com"]')).toBe(1);
    expect(stdout.join("\n")).toMatch(
      /^not trusted: https:\/\/shop-a\.com\n {2}https:\/\/www\.shop-a\.com is another host/,
    );
    expect(stderr).toEqual(["SHOP-A.com/cart is taken as https://shop-a.com, the origin that a browser would send."]);
  });

  test("trusts nobody by an invalid document", async () => {
    expect(await checkOrigin("https://a.example", '["https://a.example","*"]')).toBe(1);
    expect(stdout.join("\n")).toContain("the document of acme is invalid");
  });
});

describe("remove", () => {
  const command = { name: "remove", tenant: "acme", place, dryRun: false, yes: true } as const;

  test("in a dry run shows what would go, and leaves it", async () => {
    const store = vi.fn<TenantStore["remove"]>();
    expect(await remove({ ...command, dryRun: true }, storeWith('["a.example"]', { remove: store }))).toBe(0);
    expect(store).not.toHaveBeenCalled();
    expect(stdout.join("\n")).toContain("acme: tenant to be removed, 1 domain\n  - https://a.example");
    expect(stdout.at(-1)).toBe("Nothing is removed: this is a dry run.");
  });

  test("removes, and looks whether it is gone", async () => {
    expect(await remove(command, storeWith('["a.example"]'))).toBe(0);
    expect(stdout.at(-1)).toBe("Removed: acme");
  });

  test("fails if it is not gone", async () => {
    expect(await remove(command, storeWith('["a.example"]', { remove: async () => success(undefined) }))).toBe(2);
    expect(stderr.join("\n")).toContain("KV still answers with acme");
  });

  test("refuses a tenant that is not there", async () => {
    expect(await remove({ ...command, tenant: "acne" }, storeWith("[]"))).toBe(1);
  });
});
