import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FrameMessage,
  type PageRequest,
  isConnect,
  isFrameMessage,
  isHello,
  isPageRequest,
} from "../../protocol/messages.ts";
import {
  isPopupDone,
  isPopupReady,
  isPopupTask,
  popupFragment,
  readPopupFragment,
} from "../../protocol/popup-messages.ts";

const connect = { type: "carryover:connect", name: "session", card: "auto", locale: "", url: "", referrer: "" };
const subject = { tenant: "acme", name: "session", nonce: "n0-nce" };
const state = { session: "v", base: "digest0." };

const requests: { readonly [Type in PageRequest["type"]]: PageRequest & { readonly type: Type } } = {
  load: { type: "load", id: 1, ...state, codes: "", arrived: undefined },
  save: { type: "save", id: 2, ...state },
  clear: { type: "clear", id: 3, ...state },
  repair: { type: "repair", id: 4, ...state },
  test: { type: "test", id: 5, ...state },
  card: { type: "card", id: 6, ...state, show: true },
  mint: { type: "mint", id: 7, ...state, to: "https://shop-b.test" },
};

const common = { id: 1, access: "granted", reason: "why", links: "", scope: "-" } as const;

const answers: { readonly [Type in FrameMessage["type"]]: FrameMessage & { readonly type: Type } } = {
  loaded: { type: "loaded", ...common, ...state, saved: false, pending: false },
  answered: { type: "answered", ...common, done: true, saved: true, base: "digest0.", code: "" },
  card: { type: "card", ...common, id: 0, height: 120 },
  changed: { type: "changed", ...common, id: 0 },
  refused: { type: "refused", ...common, id: 0 },
};

/** What no cookie can hold. */
const UNSTORABLE = ["a;b", "a; Domain=evil.example", "a\nb", "a\0", " a", "a ", "\ud800"];

const guards = {
  isHello,
  isConnect,
  isPageRequest,
  isFrameMessage,
  isPopupReady: (data: unknown) => isPopupReady(data, subject),
  isPopupTask: (data: unknown) => isPopupTask(data, subject),
  isPopupDone: (data: unknown) => isPopupDone(data, subject),
};

describe("a message of the right shape", () => {
  test.each([
    ["isHello", { type: "carryover:hello" }],
    ["isHello", { type: "carryover:hello", loaded: "whatever" }],
    ["isConnect", connect],
    ["isConnect", { ...connect, card: undefined, locale: 7 }],
    ["isPopupReady", { type: "carryover:popup-ready", ...subject }],
    ["isPopupTask", { type: "carryover:popup-task", ...subject, session: null, base: "" }],
    ["isPopupTask", { type: "carryover:popup-task", ...subject, ...state }],
    ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: "v" }],
    ...Object.values(requests).map((request) => ["isPageRequest", request] as const),
    ...(["load", "clear", "repair", "test", "card"] as const).map(
      (type) => ["isPageRequest", { ...requests[type], session: "", base: "" }] as const,
    ),
    ["isPageRequest", { ...requests.load, codes: "code.code", arrived: [["code", "v"]] }],
    ["isPageRequest", { ...requests.card, show: false }],
    ["isPageRequest", { ...requests.save, aFieldOfALaterVersion: true }],
    ...Object.values(answers).map((answer) => ["isFrameMessage", answer] as const),
    ["isFrameMessage", { ...answers.loaded, session: "", base: "", saved: true, pending: true }],
    ["isFrameMessage", { ...answers.loaded, access: "an access of a later version" }],
    ["isFrameMessage", { ...answers.changed, aFieldOfALaterVersion: true }],
  ] as const)("passes %s: %j", (guard, message) => {
    expect(guards[guard](message)).toBe(true);
  });
});

/** Each message without one of its fields, and with one of another type. */
function broken<Message extends object>(messages: Readonly<Record<string, Message>>, ...free: readonly string[]) {
  return Object.values(messages).flatMap((message) =>
    Object.keys(message)
      .filter((field) => !free.includes(field))
      .flatMap((field) => {
        const without = Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
        return [without, { ...message, [field]: null }, { ...message, [field]: ["of another type"] }];
      }),
  );
}

describe("a message of a wrong shape", () => {
  test.each([
    ["isHello", { type: "hello" }],
    ...broken({ connect }, "card", "locale").map((message) => ["isConnect", message] as const),
    ["isConnect", { ...connect, name: "a;b" }],
    ["isConnect", { ...connect, name: "" }],
    ["isPopupReady", { type: "popup-ready", ...subject }],
    ["isPopupTask", { type: "carryover:popup-task", ...subject, session: "a;b", base: "" }],
    ...broken({ task: { type: "carryover:popup-task", ...subject, ...state } }, "session").map(
      (message) => ["isPopupTask", message] as const,
    ),
    ...[undefined, 7].map(
      (value) => ["isPopupTask", { type: "carryover:popup-task", ...subject, base: "", session: value }] as const,
    ),
    ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: 7 }],
    ...(["tenant", "name", "nonce"] as const).flatMap((field) => [
      ["isPopupReady", { type: "carryover:popup-ready", ...subject, [field]: "another" }] as const,
      [
        "isPopupTask",
        { type: "carryover:popup-task", ...subject, session: null, base: "", [field]: "another" },
      ] as const,
      ["isPopupDone", { type: "carryover:popup-done", ...subject, hubCookie: "v", [field]: undefined }] as const,
    ]),
    ...broken(requests, "arrived").map((message) => ["isPageRequest", message] as const),
    ...broken(answers).map((message) => ["isFrameMessage", message] as const),
    ...["1", Number.NaN, Infinity, 0.5, 2 ** 53].map((id) => ["isPageRequest", { ...requests.clear, id }] as const),
    ...["toString", "constructor", "__proto__", "report", "loaded", "carryover:connect", "", undefined].map(
      (type) => ["isPageRequest", { ...requests.load, show: true, to: "", type }] as const,
    ),
    ...["toString", "constructor", "__proto__", "report", "load", "carryover:hello", "", undefined].map(
      (type) => ["isFrameMessage", { ...answers.answered, ...answers.loaded, height: 0, type }] as const,
    ),
    // What would do harm in a cookie.
    ...UNSTORABLE.flatMap((session) => [
      ...Object.values(requests).map((request) => ["isPageRequest", { ...request, session }] as const),
      ...Object.values(answers).map((answer) => ["isFrameMessage", { ...answer, session }] as const),
    ]),
    // Without a session there is nothing to save, and nothing for a link to carry.
    ["isPageRequest", { ...requests.save, session: "" }],
    ["isPageRequest", { ...requests.mint, session: "" }],
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

  test("never makes a guard throw, whatever one of its fields is", () => {
    const message = fc.constantFrom<Record<string, unknown>>(
      connect,
      ...Object.values(requests),
      ...Object.values(answers),
    );
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true });
    fc.assert(
      fc.property(message, fc.nat(), anything, (sample, at, value) => {
        const field = Object.keys(sample)[at % Object.keys(sample).length] ?? "";
        for (const guard of Object.values(guards)) expect(typeof guard({ ...sample, [field]: value })).toBe("boolean");
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["isFrameMessage", { ...answers.changed, session: { toString: 1, valueOf: 1 } }],
    ["isFrameMessage", { ...answers.answered, session: { toString: 1, valueOf: 1 } }],
    ["isConnect", { ...connect, session: { toString: 1, valueOf: 1 } }],
  ] as const)("never makes a guard throw for a field that it need not have: %s %j", (guard, message) => {
    expect(() => guards[guard](message)).not.toThrow();
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
