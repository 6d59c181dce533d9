import { describe, expect, test } from "vitest";
import { parseTrustedDomain } from "../../protocol/origins.ts";
import { checkHubDomain } from "../../scripts/doctor/check-hub-domain.ts";
import { checkSites } from "../../scripts/doctor/check-sites.ts";
import { checkTrust } from "../../scripts/doctor/check-trust.ts";

const PAGE = new URL("https://www.shop-a.com/sale/");

function url(text: string): URL {
  return new URL(text);
}

describe("the hub's domain", () => {
  test.each([
    ["ok", "https://chat-hub.example", "https://www.shop-a.com"],
    ["ok", "https://hub.co.uk", "https://shop.co.uk"],
    ["ok", "http://hub.localhost:8787", "http://shop-a.localhost:8788"],
    ["warning", "https://chat.shop-a.com", "https://www.shop-a.com"],
    ["warning", "https://hub.acme.workers.dev", "https://www.shop-a.com"],
    ["warning", "http://127.0.0.1:8787", "http://127.0.0.1:8788"],
  ])("is %s: %s for %s", (level, hub, page) => {
    expect(checkHubDomain(url(hub), [url("https://www.shop-z.com"), url(page)]).map((one) => one.level)).toEqual([
      level,
    ]);
  });
});

describe("pages", () => {
  test("of two sites need a hub", () => {
    expect(checkSites([PAGE, url("https://www.shop-b.com")])?.findings[0]?.level).toBe("ok");
  });

  test.each([
    ["https://shop-a.com", "on one site"],
    ["https://www.shop-a.com/cart", "on one origin"],
  ])("beside %s are %s, and need none", (other, words) => {
    expect(checkSites([PAGE, url(other)])?.findings[0]).toMatchObject({
      level: "warning",
      title: expect.stringContaining(words) as string,
    });
  });

  test("need no comparison when there is one", () => {
    expect(checkSites([PAGE])).toBeUndefined();
  });
});

describe("what the hub's list and its header say of a page:", () => {
  const trust = (page: string, entry: string, ancestors: string[]) => {
    const parsed = parseTrustedDomain(entry);
    const trusted = parsed.ok ? [parsed.value] : [];
    return checkTrust(url(page), url("https://chat-hub.example"), {
      trusted,
      handoff: true,
      frameAncestors: [ancestors],
    });
  };

  test.each([
    ["https://www.shop-a.com", "https://*.shop-a.com", "is trusted, by https://*.shop-a.com."],
    ["http://localhost:3000", "http://localhost:3000", "is trusted, by http://localhost:3000."],
  ])("%s is let in by %s", (page, entry, title) => {
    expect(trust(page, entry, [entry])).toEqual({ level: "ok", title: `${page} ${title}` });
  });

  test.each([
    ["http://www.shop-a.com", "https://www.shop-a.com", ["https://www.shop-a.com"], "is plain http"],
    ["http://[::1]:3000", "http://[::1]:3000", ["'none'"], "is trusted, but not in the frame-ancestors"],
    ["https://www.shop-b.com", "https://www.shop-a.com", ["https://www.shop-a.com"], "is not trusted"],
  ])("%s is kept out by %s", (page, entry, ancestors, title) => {
    expect(trust(page, entry, ancestors)).toMatchObject({
      level: "problem",
      title: expect.stringContaining(`${page} ${title}`) as string,
    });
  });
});
