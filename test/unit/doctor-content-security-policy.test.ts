import { describe, expect, test } from "vitest";
import {
  type Load,
  type Policy,
  blockingDirective,
  parsePolicies,
  parsePolicy,
} from "../../scripts/doctor/content-security-policy.ts";
import { readHtml } from "../../scripts/doctor/read-html.ts";
import { collectPolicies, findBlocking } from "../../scripts/doctor/page-policies.ts";
import { allowsScript, matchesSourceList } from "../../scripts/doctor/source-list.ts";

const PAGE = new URL("https://www.shop-a.com");
const HASH = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC";

function matches(sources: string, url: string, page = PAGE): boolean {
  return matchesSourceList(sources.split(" "), new URL(url), page);
}

describe("a source list lets through", () => {
  test.each([
    ["*", "https://chat-hub.example/x"],
    ["https:", "https://chat-hub.example/x"],
    ["http:", "https://chat-hub.example/x"],
    ["HTTPS:", "https://chat-hub.example/x"],
    ["chat-hub.example", "https://chat-hub.example/x"],
    ["CHAT-HUB.example", "https://chat-hub.example/x"],
    ["https://chat-hub.example", "https://chat-hub.example/x"],
    ["http://chat-hub.example", "https://chat-hub.example/x"],
    ["https://chat-hub.example/", "https://chat-hub.example/any/thing"],
    ["https://chat-hub.example:443", "https://chat-hub.example/x"],
    ["https://chat-hub.example:8443", "https://chat-hub.example:8443/x"],
    ["https://chat-hub.example:*", "https://chat-hub.example:8443/x"],
    ["https://*.hubs.example", "https://chat.hubs.example/x"],
    ["https://*.hubs.example", "https://a.b.hubs.example/x"],
    ["https://*", "https://chat-hub.example/x"],
    ["https://chat-hub.example/v/", "https://chat-hub.example/v/0.1.0/links.mjs"],
    ["https://chat-hub.example/a.js", "https://chat-hub.example/a.js?x=1"],
    ["https://chat-hub.example/a%2Djs", "https://chat-hub.example/a-js"],
    ["'none' https://chat-hub.example", "https://chat-hub.example/x"],
    ["'self'", "https://www.shop-a.com/x"],
    ["'SELF'", "https://www.shop-a.com/x"],
  ])("%s: %s", (sources, url) => {
    expect(matches(sources, url)).toBe(true);
  });

  test.each([
    ["http://localhost:8787", "http://localhost:8787/x"],
    ["hub.localhost:8787", "http://hub.localhost:8787/x"],
    ["hub.localhost", "https://hub.localhost/x"],
    ["'self'", "https://localhost/x"],
    ["*", "http://hub.localhost:8787/x"],
  ])("%s: %s, on a page of plain http", (sources, url) => {
    expect(matches(sources, url, new URL("http://localhost"))).toBe(true);
  });
});

describe("a source list keeps out", () => {
  test.each([
    ["", "https://chat-hub.example/x"],
    ["'none'", "https://chat-hub.example/x"],
    ["'self'", "https://chat-hub.example/x"],
    ["'self'", "https://shop-a.com/x"],
    ["'self'", "http://www.shop-a.com/x"],
    ["'self'", "https://www.shop-a.com:8443/x"],
    ["*", "data:text/html,x"],
    ["wss:", "http://chat-hub.example/x"],
    ["https:", "http://chat-hub.example/x"],
    ["https://chat-hub.example", "http://chat-hub.example/x"],
    ["chat-hub.example", "http://chat-hub.example/x"],
    ["https://chat-hub.example", "https://chat-hub.example:8443/x"],
    ["https://chat-hub.example:8443", "https://chat-hub.example/x"],
    ["https://hub.example", "https://chat-hub.example/x"],
    ["https://chat-hub.example", "https://chat-hub.example.evil.example/x"],
    ["https://*.hubs.example", "https://hubs.example/x"],
    ["https://*.hubs.example", "https://evilhubs.example/x"],
    ["https://chat.*.example", "https://chat.hubs.example/x"],
    ["https://chat-hub.example/v", "https://chat-hub.example/v/0.1.0/links.mjs"],
    ["https://chat-hub.example/v/", "https://chat-hub.example/v"],
    ["https://chat-hub.example/v/0.1.0/", "https://chat-hub.example/v/0.1.0"],
    ["https://chat-hub.example/a.js", "https://chat-hub.example/b.js"],
    ["https://chat-hub.example/a.js", "https://chat-hub.example/A.js"],
    ["https://chat-hub.example/a.js?x", "https://chat-hub.example/a.js?x"],
    ["self", "https://www.shop-a.com/x"],
    ["'unsafe-inline' 'nonce-abc'", "https://chat-hub.example/x"],
  ])("%s: %s", (sources, url) => {
    expect(matches(sources, url)).toBe(false);
  });
});

describe("a script", () => {
  const script = new URL("https://chat-hub.example/cookie-provider.min.js");
  const written = { isParserInserted: true };

  test.each([
    ["by its nonce", "'nonce-aBc'", { ...written, nonce: "aBc" }],
    ["by its nonce, with 'strict-dynamic'", "'nonce-aBc' 'strict-dynamic'", { ...written, nonce: "aBc" }],
    ["by its hash", `'${HASH}'`, { ...written, integrity: HASH }],
    [
      "by its hash, spelled otherwise",
      `'${HASH.replace("sha", "SHA").replaceAll("+", "-")}'`,
      { ...written, integrity: HASH },
    ],
    ["by its hash, with an option", `'${HASH}'`, { ...written, integrity: `${HASH}?ct=text/javascript` }],
    ["by its host, beside a nonce", "'nonce-aBc' https://chat-hub.example", written],
    ["by the trust in the script that adds it", "'nonce-aBc' 'Strict-Dynamic'", { isParserInserted: false }],
  ])("is allowed %s", (_, sources, request) => {
    expect(allowsScript(sources.split(" "), script, PAGE, request)).toBe(true);
  });

  test.each([
    ["another nonce", "'nonce-aBc'", { ...written, nonce: "abc" }],
    ["an empty nonce", "'nonce-'", { ...written, nonce: "" }],
    ["no nonce", "'nonce-aBc'", written],
    ["another hash", `'${HASH}'`, { ...written, integrity: HASH.replace("oq", "qo") }],
    ["a hash of two that is not listed", `'${HASH}'`, { ...written, integrity: `${HASH} sha256-AAAA` }],
    ["a listed hash and no integrity", `'${HASH}'`, written],
    ["its host, which 'strict-dynamic' makes count for nothing", "https://chat-hub.example 'strict-dynamic'", written],
    ["leave for inline scripts alone", "'unsafe-inline' 'unsafe-eval'", written],
  ])("is kept out with %s", (_, sources, request) => {
    expect(allowsScript(sources.split(" "), script, PAGE, request)).toBe(false);
  });
});

describe("what a policy keeps out is decided by", () => {
  const url = new URL("https://chat-hub.example/x");
  const frame: Load = { kind: "frame", url };
  const script: Load = { kind: "script", url, script: { isParserInserted: true } };
  const connect: Load = { kind: "connect", url };

  test.each<[string, string, Load]>([
    ["frame-src", "frame-src 'self'; child-src *; default-src *", frame],
    ["child-src", "child-src 'self'; default-src *", frame],
    ["default-src", "default-src 'none'", frame],
    ["script-src-elem", "script-src-elem 'self'; script-src *", script],
    ["script-src", "script-src 'self'; default-src *", script],
    ["default-src", "DEFAULT-SRC 'self'", script],
    ["connect-src", "connect-src; default-src *", connect],
    ["default-src", "default-src 'self'; img-src *", connect],
    ["frame-src", "frame-src 'none'; frame-src *", frame],
  ])("%s in: %s", (name, policy, load) => {
    expect(blockingDirective(parsePolicy(policy), load, PAGE)?.name).toBe(name);
  });

  test.each<[string, Load]>([
    ["frame-src *; child-src 'none'; default-src 'none'", frame],
    ["script-src-elem *; script-src 'none'", script],
    ["script-src 'none'; frame-src 'none'", connect],
    ["upgrade-insecure-requests", script],
  ])("nothing in: %s", (policy, load) => {
    expect(blockingDirective(parsePolicy(policy), load, PAGE)).toBeUndefined();
  });
});

describe("policies", () => {
  const asObjects = (policies: readonly Policy[]) => policies.map((policy) => Object.fromEntries(policy));

  test("of a header are parted by commas, their directives by semicolons, the rest by any space", () => {
    expect(asObjects(parsePolicies(" Script-Src\t'self'  a.example;;\tframe-src ; , ,default-src 'none'"))).toEqual([
      { "script-src": ["'self'", "a.example"], "frame-src": [] },
      { "default-src": ["'none'"] },
    ]);
  });

  test("are none without a header", () => {
    expect(parsePolicies(null)).toEqual([]);
  });

  test("of <meta> count in <head> alone, one each", () => {
    const meta = (content: string) => `<meta http-equiv="content-security-policy" content="${content}">`;
    const html = readHtml(`<head>${meta("script-src 'none', frame-src *")}</head><body>${meta("default-src 'none'")}`);
    const { enforced } = collectPolicies(new Headers(), html);
    expect(asObjects(enforced.map(({ policy }) => policy))).toEqual([{ "script-src": ["'none',", "frame-src", "*"] }]);
  });

  test("of <meta> do not reach the scripts before it", () => {
    const html = readHtml(
      `<head><script src=a></script><meta http-equiv=Content-Security-Policy content="script-src 'none'"><script src=b></script>`,
    );
    const policies = collectPolicies(new Headers(), html);
    const load: Load = { kind: "script", url: new URL("/a", PAGE), script: { isParserInserted: true } };
    const kept = html.scripts.map(({ index }) => findBlocking(policies, load, PAGE, index)?.name);
    expect(kept).toEqual([undefined, "script-src"]);
  });
});
