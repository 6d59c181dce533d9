import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIGEST_LENGTH, type Digest } from "../../../protocol/digest.ts";
import { type History, decodeHubCookie, isSessionValue } from "../../../protocol/hub-cookie.ts";
import { type HubCookieChange, succeed, succeedHubCookie } from "../../../session/history.ts";
import { anyText } from "../any-text.ts";
import { A, B, C, D, E, SESSIONS, digest } from "./cases.ts";

const MANY: History = Array.from({ length: 20 }, (_, index) => `digest${String.fromCharCode(97 + index)}`);
const NOW = 1_700_000_000;

describe("the history of what takes a hub cookie's place", () => {
  test.each<[string, [History, Digest | undefined, History, Digest | undefined], History]>([
    ["is empty for the first session", [[], undefined, [], A], []],
    ["begins with what was held", [[], A, [], B], [A]],
    ["begins with what was ended", [[], A, [], undefined], [A]],
    ["goes on over a tombstone", [[A], undefined, [], B], [A]],
    ["has what the site knows next, then what it had", [[C], A, [B], D], [A, B, C]],
    ["has each only once, where it is latest", [[A, C, B], B, [C], D], [B, C, A]],
    ["does not have what is held, if it had not been over", [[B], C, [A, B], A], [C, B]],
    ["keeps what is held where it had been over: it was begun again", [[A, B], C, [B], A], [C, B, A]],
    ["keeps what was begun again when it is written again", [[C, A], A, [], A], [C, A]],
    ["stays as it was when the same is written again", [[B, C], A, [], A], [B, C]],
    ["has what the site has ended first, for a tombstone: it is about that", [[C], A, [B], undefined], [B, A, C]],
    ["has what was held first, where the site has ended that", [[C], A, [A, B], undefined], [A, B, C]],
    ["has sixteen at most, the latest", [MANY, A, [], B], [A, ...MANY.slice(0, 15)]],
  ])("%s", (_, [history, before, older, now], after) => {
    expect(succeed(history, before, older, now)).toEqual(after);
  });

  test("has what it can of all that was known, in its order, and what is held only if it had that before", () => {
    const some = fc.uniqueArray(digest, { maxLength: 6 });
    const one = fc.option(digest, { nil: undefined });
    fc.assert(
      fc.property(some, one, some, one, (history, before, older, now) => {
        const after = succeed(history, before, older, now);
        const was = before === undefined ? [] : [before];
        const added = now === undefined ? [...older, ...was] : [...was, ...older];
        expect(after).toEqual([...new Set([...added.filter((one) => one !== now), ...history])]);
        expect(now !== undefined && after.includes(now)).toBe(now !== undefined && history.includes(now));
        // Who writes it again says the same.
        expect(succeed(after, now, [], now)).toEqual(after);
      }),
    );
  });
});

function change(more: Partial<HubCookieChange>): HubCookieChange {
  return { hubCookieName: "__Host-acme.chat", before: undefined, session: "a", older: "", nowSeconds: NOW, ...more };
}

describe("the value of a hub cookie that takes another's place", () => {
  test.each<[string, Partial<HubCookieChange>, string | undefined]>([
    ["is the session alone at first", {}, "a"],
    ["is the tombstone alone at first", { session: null }, ":1700000000"],
    ["has the session percent-encoded", { session: "ä:b" }, "%C3%A4%3Ab"],
    ["has whole seconds", { session: null, nowSeconds: NOW + 0.9 }, ":1700000000"],
    ["has what was held", { before: "b" }, `a:${B}`],
    ["has what was held, and before", { before: `b:${C}${D}` }, `a:${B}${C}${D}`],
    ["has what was ended", { before: "a", session: null }, `:1700000000:${A}`],
    ["goes on over a tombstone", { before: `:1600000000:${B}` }, `a:${B}`],
    ["says that the session had ended, over its tombstone", { before: `:1600000000:${A}` }, `a:${A}`],
    ["says that the session had been over, over a later one", { before: `b:${A}` }, `a:${B}${A}`],
    ["says that the session had been over when it is written again", { before: `a:${B}${A}` }, `a:${B}${A}`],
    ["says first what the site has ended", { before: "a", session: null, older: C }, `:1700000000:${C}${A}`],
    ["has what was ended twice", { before: `:1600000000:${B}`, session: null }, `:1700000000:${B}`],
    ["has what the site knows", { before: "b", older: C + D }, `a:${B}${C}${D}`],
    ["has what the site knows at first", { older: C }, `a:${C}`],
    ["stays when the same is written again", { before: `a:${B}${C}` }, `a:${B}${C}`],
    ["goes on over one from before histories", { before: ":1600000000" }, "a"],
    ["takes nothing from a cookie that was never the hub's", { before: "%zz" }, "a"],
    ["takes nothing from a history that is none", { before: "b:short" }, `a:${B}`],
    ["takes nothing from what is no digest", { before: "b", older: "; Domain=evil.test" }, `a:${B}`],
    ["takes nothing from what is not only digests", { before: "b", older: `${C},${D}` }, `a:${B}`],
    ["is none for a session that is too large", { session: "v".repeat(4081) }, undefined],
    ["has no history where there is no room", { session: "v".repeat(4080), before: "b" }, "v".repeat(4080)],
  ])("%s", (_, more, value) => {
    expect(succeedHubCookie(change(more))).toBe(value);
  });

  test("says what it is to say, after any number of others", () => {
    const text = fc.oneof(
      fc.constantFrom(...SESSIONS, null),
      anyText({ minLength: 1, maxLength: 40 }).filter(isSessionValue),
      // So large that a history has little room, or none.
      fc.integer({ min: 3900, max: 4090 }).map((length) => "v".repeat(length)),
    );
    const writes = fc.array(
      fc.tuple(
        text,
        fc.array(digest).map((all) => all.join("")),
      ),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(writes, (all) => {
        let before: string | undefined;
        for (const [session, older] of all) {
          const value = succeedHubCookie(change({ before, session, older }));
          if (value === undefined) continue;
          expect("__Host-acme.chat".length + value.length).toBeLessThanOrEqual(4096);
          expect(value).toMatch(/^[!#-+\--:<-[\]-~]+$/);
          const said = decodeHubCookie(value);
          expect(said).toMatchObject(session === null ? { kind: "tombstone" } : { kind: "session", session });
          const history = said.kind === "nothing" ? [] : said.history;
          expect(history.length).toBeLessThanOrEqual(16);
          const was = decodeHubCookie(before);
          const isSucceeded = was.kind === "session" && was.session !== session && value.length < 3000;
          // For a tombstone it comes after what the site has ended.
          const first = session === null && older ? older.slice(0, DIGEST_LENGTH) : isSucceeded && was.digest;
          expect(isSucceeded ? [first, true] : []).toEqual(
            isSucceeded ? [history[0], history.includes(was.digest)] : [],
          );
          before = value;
        }
      }),
    );
  });
});

test("the letters of these tests are the digests of one letter each", () => {
  expect(new Set([A, B, C, D, E]).size).toBe(5);
});
