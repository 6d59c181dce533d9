import { describe, expect, test } from "vitest";
import { type CookieJar, type CookieScope, createCookieJar } from "../explore/world/cookie-jar.ts";

let nowMs = 0;

function createJar(): CookieJar {
  return createCookieJar(
    () => nowMs,
    () => {},
  );
}

function at(host: string, path = "/shop/page"): CookieScope {
  return { host, path, partition: "", isCrossSite: false };
}

function valuesAt(jar: CookieJar, scope: CookieScope): string[] {
  return jar.read(scope).map(({ value }) => value);
}

describe("the explorer's cookie jar", () => {
  test("shows a domain's cookie to its subdomains, and a host's to that host alone", () => {
    const jar = createJar();
    jar.write(at("www.shop-a.test"), "chat=domain; Path=/; Domain=shop-a.test");
    jar.write(at("www.shop-a.test"), "chat=host; Path=/");
    expect(valuesAt(jar, at("www.shop-a.test"))).toEqual(["domain", "host"]);
    expect(valuesAt(jar, at("help.shop-a.test"))).toEqual(["domain"]);
  });

  test("sorts by longer path first, then by age, which an overwritten cookie keeps", () => {
    const jar = createJar();
    jar.write(at("shop-b.test"), "chat=old; Path=/");
    jar.write(at("shop-b.test"), "chat=own");
    jar.write(at("shop-b.test"), "chat=domain; Path=/; Domain=shop-b.test");
    jar.write(at("shop-b.test"), "chat=new; Path=/");
    expect(valuesAt(jar, at("shop-b.test"))).toEqual(["own", "new", "domain"]);
  });

  test.each([
    ["for a public suffix", "chat=1; Domain=test"],
    ["for another site", "chat=1; Domain=shop-c.test"],
    ["with __Host- and a domain", "__Host-chat=1; Secure; Path=/; Domain=shop-b.test"],
    ["with __Host- and a path", "__Host-chat=1; Secure; Path=/shop"],
  ])("refuses a cookie %s", (_, text) => {
    const jar = createJar();
    jar.write(at("shop-b.test"), text);
    expect(jar.read(at("shop-b.test"))).toEqual([]);
  });

  test("keeps partitions apart, and takes only SameSite=None across sites", () => {
    const jar = createJar();
    const framed = { ...at("hub.test", "/"), partition: "shop-b.test", isCrossSite: true };
    jar.write(framed, "chat=lax; Secure");
    jar.write(framed, "chat=none; Secure; SameSite=None");
    expect(valuesAt(jar, framed)).toEqual(["none"]);
    expect(valuesAt(jar, { ...framed, partition: "shop-c.test" })).toEqual([]);
    expect(valuesAt(jar, { ...framed, partition: "" })).toEqual([]);
  });

  test("forgets a cookie when its time is up", () => {
    const jar = createJar();
    jar.write(at("shop-b.test"), "chat=1; Max-Age=60");
    nowMs += 59_999;
    expect(valuesAt(jar, at("shop-b.test"))).toEqual(["1"]);
    nowMs += 1;
    expect(jar.read(at("shop-b.test"))).toEqual([]);
  });
});
