import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAnswer, isConnect, isFrameState, isHello, isPageRequest } from "../../protocol/messages.ts";
import { isPopupDone, isPopupReady, isPopupTask } from "../../protocol/popup-messages.ts";

const answer = {
  type: "answer",
  id: 1,
  access: "granted",
  reason: "why",
  ok: true,
  session: "v",
  digest: "d",
  owed: null,
};
const load = { type: "load", id: 1, session: "v", lastDigest: null, ended: false };
const connect = { type: "carryover:connect", name: "session", card: "auto", locale: "", referrer: "" };
const guards = { isHello, isConnect, isPageRequest, isAnswer, isFrameState, isPopupReady, isPopupTask, isPopupDone };

describe("a message of the right shape", () => {
  test.each([
    ["isHello", { type: "carryover:hello" }],
    ["isConnect", connect],
    ["isPageRequest", { type: "card", id: 5, show: true }],
    ["isFrameState", { type: "frame", height: 0, news: true }],
    ["isPopupReady", { type: "carryover:popup-ready" }],
    ["isPopupTask", { type: "carryover:popup-task", name: "session", session: null }],
    ["isPopupDone", { type: "carryover:popup-done", hubCookie: "v" }],
    ["isPageRequest", load],
    ["isPageRequest", { ...load, session: null, lastDigest: "d", ended: true }],
    ["isPageRequest", { type: "save", id: 2, session: "v" }],
    ["isPageRequest", { type: "clear", id: 3 }],
    ["isPageRequest", { type: "test", id: 4 }],
    ["isAnswer", answer],
    ["isAnswer", { ...answer, session: null, digest: null, owed: "clear" }],
    ["isAnswer", { ...answer, id: 0, access: "untrusted", ok: false }],
    ["isAnswer", { ...answer, aFieldOfALaterVersion: true }],
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
    ["isPageRequest", { type: "card", id: 5 }],
    ["isFrameState", { type: "frame", height: "100%", news: true }],
    ["isFrameState", { type: "frame", height: 1 }],
    ["isPopupReady", { type: "popup-ready" }],
    ["isPopupTask", { type: "carryover:popup-task", name: "a;b", session: null }],
    ["isPopupTask", { type: "carryover:popup-task", name: "session", session: "a;b" }],
    ["isPopupDone", { type: "carryover:popup-done", hubCookie: 7 }],
    ["isPageRequest", { ...load, id: undefined }],
    ["isPageRequest", { ...load, id: "1" }],
    ["isPageRequest", { ...load, id: Number.NaN }],
    ["isPageRequest", { ...load, session: undefined }],
    ["isPageRequest", { ...load, session: "" }],
    ["isPageRequest", { ...load, lastDigest: 1 }],
    ["isPageRequest", { ...load, ended: "yes" }],
    ["isPageRequest", { type: "save", id: 1 }],
    ["isPageRequest", { type: "save", id: 1, session: "a;b" }],
    ["isPageRequest", { type: "save", id: 1, session: null }],
    ["isPageRequest", { type: "toString", id: 1 }],
    ["isAnswer", { ...answer, type: "other" }],
    ["isAnswer", { ...answer, id: undefined }],
    ["isAnswer", { ...answer, access: "unlimited" }],
    ["isAnswer", { ...answer, access: ["granted"] }],
    ["isAnswer", { ...answer, reason: undefined }],
    ["isAnswer", { ...answer, ok: "yes" }],
    ["isAnswer", { ...answer, session: 7 }],
    ["isAnswer", { ...answer, session: "a; Domain=evil.example" }],
    ["isAnswer", { ...answer, session: undefined }],
    ["isAnswer", { ...answer, digest: 7 }],
    ["isAnswer", { ...answer, owed: "everything" }],
    ["isAnswer", { ...answer, owed: undefined }],
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
