import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hubCookieName, isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie, encodeSession, encodeTombstone, isSessionValue } from "../../protocol/hub-cookie.ts";

describe("the hub cookie's name", () => {
  test("is bound to the host over https, and carries the tenant", () => {
    expect(hubCookieName(true, "acme", "session")).toBe("__Host-acme.session");
    expect(hubCookieName(false, "acme", "session")).toBe("acme.session");
  });
});

describe("a cookie name", () => {
  test.each(["a", "__proto__", "_genesys.widgets.webchat.state.session", "!#$%&'*+-.^_`|~09azAZ", "n".repeat(256)])(
    "%s is right",
    (name) => {
      expect(isCookieName(name)).toBe(true);
    },
  );
  test.each(["", "a b", "a;b", "a=b", "a,b", "a\n", "ä", "a\0", "n".repeat(257), null, undefined, 1, {}, ["a"]])(
    "%j is not",
    (name) => {
      expect(isCookieName(name)).toBe(false);
    },
  );
});

describe("a session", () => {
  test("comes back from the hub cookie byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (value) => {
        fc.pre(isSessionValue(value));
        const encoded = encodeSession("__Host-acme.session", value) ?? "";
        expect(encoded).toMatch(/^[!#-+\--:<-[\]-~]+$/);
        expect(decodeHubCookie(encoded)).toEqual({ kind: "session", value });
      }),
    );
  });

  test("is never taken for a tombstone, nor a tombstone for a session", () => {
    expect(decodeHubCookie(encodeSession("n", ":1700000000") ?? "")).toEqual({ kind: "session", value: ":1700000000" });
    expect(decodeHubCookie(encodeTombstone(1_700_000_000.9))).toEqual({ kind: "ended", atSeconds: 1_700_000_000 });
  });

  test("and its name together fill a cookie of 4096 bytes, and no more", () => {
    expect(encodeSession("name", "v".repeat(4092))).toHaveLength(4092);
    expect(encodeSession("name", "v".repeat(4093))).toBeUndefined();
    expect(encodeSession("name", "é".repeat(700))).toBeUndefined();
  });

  test.each(["", "a;b", "a\nb", "a\0", "\x7f", " a", "a ", "\ta", "\uD800", "a\uDC00b", null, undefined, 1, {}])(
    "cannot be %j",
    (value) => {
      expect(isSessionValue(value)).toBe(false);
    },
  );
});

test.each(["", ":", ":x", ":1x", ":-1", "%", "%zz", "%ff", "%3B", ":1234567890123"])(
  "a hub cookie of %j was never the hub's",
  (text) => {
    expect(decodeHubCookie(text)).toBeUndefined();
  },
);
