import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hubCookieName, isCookieName } from "../../protocol/cookie-names.ts";
import { digestOf } from "../../protocol/digest.ts";
import {
  type HubCookie,
  decodeHubCookie,
  encodeHubCookie,
  isSessionValue,
  isStorable,
} from "../../protocol/hub-cookie.ts";
import { anyText } from "./any-text.ts";

const NOW = 1_700_000_000;
const history = fc.array(fc.string().map(digestOf), { maxLength: 20 });
/** All that an unquoted cookie value may have (RFC 6265, section 4.1.1). */
const COOKIE_OCTETS = /^[!#-+\--:<-[\]-~]+$/;

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
  test("comes back from the hub cookie byte for byte, with its history", () => {
    const text = fc.oneof(
      anyText({ maxLength: 300 }),
      fc.integer({ min: 3600, max: 4100 }).map((length) => `é${"v".repeat(length)}`),
    );
    const token = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,256}$/);
    fc.assert(
      fc.property(text, history, token, (session, history, name) => {
        fc.pre(isSessionValue(session));
        const encoded = encodeHubCookie(name, session, history, NOW);
        expect(encoded === undefined).toBe(name.length + encodeURIComponent(session).length > 4096);
        if (encoded === undefined) return;
        expect(encoded).toMatch(COOKIE_OCTETS);
        expect(name.length + encoded.length).toBeLessThanOrEqual(4096);
        const decoded = decodeHubCookie(encoded);
        const kept = decoded.kind === "session" ? decoded.history : [];
        expect(decoded).toEqual({ kind: "session", session, digest: digestOf(session), history: kept });
        // What is left out of the history is the oldest, and only what has no room.
        expect(kept).toEqual(history.slice(0, kept.length));
        const room = 4096 - name.length - encoded.length;
        expect(kept.length === history.length || room < 8).toBe(true);
      }),
    );
  });

  test("is never taken for a tombstone, nor a tombstone for a session", () => {
    const ofTime = { kind: "session", session: ":1700000000", digest: digestOf(":1700000000"), history: [] };
    expect(decodeHubCookie(encodeHubCookie("n", ":1700000000", [], NOW))).toEqual(ofTime);
    const session = `a:${digestOf("b")}`;
    expect(decodeHubCookie(encodeHubCookie("n", session, [], NOW))).toMatchObject({ session, history: [] });
    expect(encodeHubCookie("n", null, [], NOW + 0.9)).toBe(":1700000000");
    expect(decodeHubCookie(":1700000000")).toEqual({ kind: "tombstone", history: [] });
  });

  test("and its name together fill a cookie of 4096 bytes, and no more", () => {
    expect(encodeHubCookie("name", "v".repeat(4092), [], NOW)).toHaveLength(4092);
    expect(encodeHubCookie("name", "v".repeat(4093), [], NOW)).toBeUndefined();
    expect(encodeHubCookie("name", "é".repeat(700), [], NOW)).toBeUndefined();
  });

  test.each([
    [4092, 0],
    [4085, 0],
    [4084, 1],
    [4078, 1],
    [4077, 2],
    [4070, 3],
    [4000, 3],
  ])("of %d bytes, named with four, leaves room for a history of %d", (length, count) => {
    const digests = ["a", "b", "c"].map(digestOf);
    const session = "v".repeat(length);
    const history = digests.slice(0, count);
    const text = encodeHubCookie("name", session, digests, NOW);
    expect(text).toBe(count ? `${session}:${history.join("")}` : session);
    expect(decodeHubCookie(text)).toMatchObject({ kind: "session", session, history });
  });

  test.each(["", "a;b", "a\nb", "a\0", "\x7f", " a", "a ", "\ta", "\uD800", "a\uDC00b", null, undefined, 1, {}])(
    "cannot be %j",
    (value) => {
      expect(isSessionValue(value)).toBe(false);
      expect(typeof value === "string" && value !== "" && isStorable(value)).toBe(false);
    },
  );
});

test("a tombstone comes back from the hub cookie, with its history", () => {
  fc.assert(
    fc.property(history, fc.double({ min: 0, max: 1e12 - 1, noNaN: true }), (history, seconds) => {
      const encoded = encodeHubCookie("name", null, history, seconds);
      expect(encoded).toMatch(COOKIE_OCTETS);
      expect(decodeHubCookie(encoded)).toEqual({ kind: "tombstone", history });
    }),
  );
});

test.each<[string, HubCookie]>([
  ["v", { kind: "session", session: "v", digest: digestOf("v"), history: [] }],
  ["v:abcdefg", { kind: "session", session: "v", digest: digestOf("v"), history: ["abcdefg"] }],
  ["v:abcdef", { kind: "session", session: "v", digest: digestOf("v"), history: [] }],
  ["v:ABCDEFG", { kind: "session", session: "v", digest: digestOf("v"), history: [] }],
  ["v:abcdefg:abcdefg", { kind: "session", session: "v", digest: digestOf("v"), history: [] }],
  [":1", { kind: "tombstone", history: [] }],
  [":1:abcdefg0123456", { kind: "tombstone", history: ["abcdefg", "0123456"] }],
  [":1:x", { kind: "tombstone", history: [] }],
])("a hub cookie of %j is read, and a history that is none is left out", (text, cookie) => {
  expect(decodeHubCookie(text)).toEqual(cookie);
});

test.each([
  undefined,
  "",
  ":",
  "::",
  ":x",
  ":1x",
  ":-1",
  ":1:",
  "v:",
  "%",
  "%zz",
  "%ff",
  "%3B",
  "%20v",
  ":1234567890123",
])("a hub cookie of %j was never the hub's", (text) => {
  expect(decodeHubCookie(text)).toEqual({ kind: "nothing" });
});
