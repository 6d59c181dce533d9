import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLANK_REPORT, isConnect, isHello, isPageRequest, isReport } from "../../protocol/messages.ts";
import {
  isPopupDone,
  isPopupReady,
  isPopupTask,
  popupFragment,
  readPopupFragment,
} from "../../protocol/popup-messages.ts";

const report = { ...BLANK_REPORT, id: 1, access: "granted", reason: "why", ok: true, session: "v", memory: "d" };
const load = { type: "load", id: 1, session: "v", memory: "", codes: "" };
const mint = { type: "mint", id: 6, session: "v", memory: "d", to: "https://shop-b.test" };
const connect = { type: "carryover:connect", name: "session", card: "auto", locale: "", url: "", referrer: "" };
const subject = { tenant: "acme", name: "session", nonce: "n0-nce" };
const guards = {
  isHello,
  isConnect,
  isPageRequest,
  isReport,
  isPopupReady: (data: unknown) => isPopupReady(data, subject),
  isPopupTask: (data: unknown) => isPopupTask(data, subject),
  isPopupDone: (data: unknown) => isPopupDone(data, subject),
};

describe("a message of the right shape", () => {
  test.each([
    ["isHello", { type: "carryover:hello" }],
    ["isConnect", connect],
    ["isPageRequest", { type: "card", id: 5, show: true }],
    ["isPopupReady", { type: "carryover:popup-ready", ...subject }],
    ["isPopupTask", { type: "carryover:popup-task", ...subject, session: null }],
    ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: "v" }],
    ["isPageRequest", load],
    ["isPageRequest", { ...load, session: "", memory: "-d~h", codes: "code.code" }],
    ["isPageRequest", mint],
    ["isPageRequest", { type: "save", id: 2, session: "v" }],
    ["isPageRequest", { type: "clear", id: 3 }],
    ["isPageRequest", { type: "test", id: 4 }],
    ["isReport", report],
    ["isReport", { ...report, session: "", memory: "", height: 120, news: true, saved: true }],
    ["isReport", BLANK_REPORT],
    ["isReport", { ...report, access: "an access of a later version" }],
    ["isReport", { ...report, aFieldOfALaterVersion: true }],
  ] as const)("passes %s: %j", (guard, message) => {
    expect(guards[guard](message)).toBe(true);
  });
});

describe("a message of a wrong shape", () => {
  test.each([
    ["isHello", { type: "hello" }],
    ["isConnect", { ...connect, name: undefined }],
    ["isConnect", { ...connect, name: "a;b" }],
    ["isConnect", { ...connect, name: ["session"] }],
    ["isConnect", { ...connect, referrer: null }],
    ["isConnect", { ...connect, url: undefined }],
    ["isPageRequest", { type: "card", id: 5 }],
    ["isPopupReady", { type: "popup-ready", ...subject }],
    ["isPopupTask", { type: "carryover:popup-task", ...subject, session: "a;b" }],
    ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: 7 }],
    ...(["tenant", "name", "nonce"] as const).flatMap((field) => [
      ["isPopupReady", { type: "carryover:popup-ready", ...subject, [field]: "another" }] as const,
      ["isPopupTask", { type: "carryover:popup-task", ...subject, session: null, [field]: "another" }] as const,
      ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: "v", [field]: undefined }] as const,
    ]),
    ["isPageRequest", { ...load, id: undefined }],
    ["isPageRequest", { ...load, id: "1" }],
    ["isPageRequest", { ...load, id: Number.NaN }],
    ["isPageRequest", { ...load, session: undefined }],
    ["isPageRequest", { ...load, session: "a;b" }],
    ["isPageRequest", { ...load, memory: 1 }],
    ["isPageRequest", { ...load, codes: ["code"] }],
    ["isPageRequest", { ...mint, session: "" }],
    ["isPageRequest", { ...mint, to: undefined }],
    ["isPageRequest", { ...mint, memory: null }],
    ["isPageRequest", { type: "save", id: 1 }],
    ["isPageRequest", { type: "save", id: 1, session: "a;b" }],
    ["isPageRequest", { type: "save", id: 1, session: null }],
    ["isPageRequest", { type: "toString", id: 1 }],
    ["isReport", { ...report, type: "other" }],
    ["isReport", { ...report, session: "a; Domain=evil.example" }],
    ["isReport", { ...report, session: "a\nb" }],
    ...Object.keys(BLANK_REPORT).flatMap((field) => [
      ["isReport", { ...report, [field]: undefined }] as const,
      ["isReport", { ...report, [field]: ["of another type"] }] as const,
    ]),
  ] as const)("fails %s: %j", (guard, message) => {
    expect(guards[guard](message)).toBe(false);
  });

  test("never makes a guard throw", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), (data) => {
        for (const guard of Object.values(guards)) expect(guard(data)).toBe(false);
      }),
    );
  });
});

describe("the fragment of a popup", () => {
  test("comes back as it was written, whatever the cookie is called", () => {
    const token = fc.stringMatching(/^[\w!#$%&'*+.^`|~-]{1,256}$/);
    fc.assert(
      fc.property(token, fc.uuid(), (name, nonce) => {
        expect(readPopupFragment(popupFragment({ name, nonce }))).toEqual({ name, nonce });
      }),
    );
  });

  test.each(["", "#now", "#popup", "#popup=", "#popup=n", "#popup=n&", "#popup=&name", "#popup=n&%", "#popup=n&a%3Bb"])(
    "is not read in %j",
    (hash) => {
      expect(readPopupFragment(hash)).toBeUndefined();
    },
  );
});
