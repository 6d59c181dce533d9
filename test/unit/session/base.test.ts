import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIGEST_LENGTH } from "../../../protocol/digest.ts";
import {
  type Base,
  type Fate,
  MAX_BASE_LENGTH,
  ageIn,
  fateOf,
  isBase,
  isLater,
  learn,
  learnEnd,
  note,
  olderThan,
  revive,
  withFate,
} from "../../../session/base.ts";
import { A, B, C, D, E, F, G, base, digest, fate } from "./cases.ts";

const FATES = "-~.!";
const FULL = `${A}.${B}.${C}.${D}.${E}.${F}.`;

/** The sessions of a base, the latest first. */
function order(text: Base): string[] {
  return (text.match(/.{8}/g) ?? []).map((entry) => entry.slice(0, DIGEST_LENGTH));
}

describe("a base", () => {
  test.each(["", `${A}-`, `${A}~${B}.`, `${A}!${B}!`, FULL, `${FULL}${G}-${A}.`])("is one: %j", (text) => {
    expect(isBase(text)).toBe(true);
  });

  test.each([
    A,
    `${A}?`,
    `${A} `,
    `${A}.${B}`,
    `.${A}`,
    `${A.slice(1)}.`,
    `${A.toUpperCase()}.`,
    `${A}.\n`,
    `${A}.;`,
    `${FULL}${FULL.slice(0, 24)}`,
    "__proto__",
    "[object Object]",
  ])("is none: %j", (text) => {
    expect(isBase(text)).toBe(false);
  });

  test("has at most six sessions in 48 characters", () => {
    expect(MAX_BASE_LENGTH).toBe(48);
    expect(FULL).toHaveLength(48);
  });
});

describe("what a site learns", () => {
  test.each<[string, Base, [string, Fate, string?], Base]>([
    ["a first session", "", [A, "-"], `${A}-`],
    ["a new session comes first", `${B}.`, [A, "-"], `${A}-${B}.`],
    ["a new session comes behind a newer one", `${A}-${B}.`, [C, ".", A], `${A}-${C}.${B}.`],
    ["a new session comes last behind the last", `${A}-`, [C, ".", A], `${A}-${C}.`],
    ["a known session keeps its place", `${A}.${B}-`, [B, "."], `${A}.${B}.`],
    ["a known session keeps its place, whatever is newer", `${A}.${B}-`, [A, "!", B], `${A}!${B}-`],
    ["a noted session is handed over", `${A}-`, [A, "~"], `${A}~`],
    ["a handed session is shared", `${A}~`, [A, "."], `${A}.`],
    ["a shared session is ended", `${A}.`, [A, "!"], `${A}!`],
    ["a shared session is not handed again", `${A}.`, [A, "~"], `${A}.`],
    ["a shared session is not noted again", `${A}.`, [A, "-"], `${A}.`],
    ["an ended session is not shared again", `${A}!`, [A, "."], `${A}!`],
    ["the seventh session pushes out the last", FULL, [G, "-"], `${G}-${FULL.slice(0, 40)}`],
    [
      "the seventh session pushes out the last that only pages have had, whatever stands behind it",
      `${A}-${B}-${C}~${D}.${E}!${F}!`,
      [G, "."],
      `${G}.${A}-${C}~${D}.${E}!${F}!`,
    ],
    ["one behind the last of six pushes out the one before", FULL, [G, ".", F], `${FULL.slice(0, 32)}${F}.${G}.`],
    [
      "one behind the last of six pushes out neither that one nor itself, although only pages have had them",
      `${FULL.slice(8)}${A}-`,
      [G, "-", A],
      `${FULL.slice(8, 40)}${A}-${G}-`,
    ],
    [
      "of eight, which a page has noted, two make room",
      `${G}-${FULL.slice(0, 32)}${F}-${E}.`,
      [G, "."],
      `${G}.${FULL.slice(0, 32)}${E}.`,
    ],
    ["a known session pushes out none", FULL, [F, "!"], `${FULL.slice(0, -1)}!`],
  ])("%s", (_, before, [one, its, newer], after) => {
    expect(learn(before, one, its, newer)).toBe(after);
  });

  test.each<[string, Base, [string, Fate], Base]>([
    ["a new session comes first", `${B}.`, [A, "-"], `${A}-${B}.`],
    ["a known one keeps its place", `${A}.${B}-`, [B, "!"], `${A}.${B}!`],
    ["no fate is taken back", `${A}!`, [A, "~"], `${A}!`],
    ["the hub's frame makes room for a seventh", FULL, [G, "-"], `${G}-${FULL}`],
    ["a ninth pushes out the last", `${FULL}${FULL.slice(0, 16)}`, [G, "-"], `${G}-${FULL}${FULL.slice(0, 8)}`],
  ])("as its page notes it: %s", (_, before, [one, its], after) => {
    expect(note(before, one, its)).toBe(after);
  });

  test.each<[string, Base, Base]>([
    ["comes first in an empty base", "", `${G}!`],
    ["comes last: it says nothing about the others", `${A}-${B}.`, `${A}-${B}.${G}!`],
    ["keeps its place, if the site knows it", `${A}-${G}.${B}.`, `${A}-${G}!${B}.`],
    ["keeps its place, if the site knows of its end", `${G}!${A}.`, `${G}!${A}.`],
    ["pushes out the last of six", FULL, `${FULL.slice(0, 40)}${G}!`],
    ["pushes out the last that only pages have had", `${A}-${FULL.slice(8)}`, `${FULL.slice(8)}${G}!`],
  ])("of an end: the chat %s", (_, before, after) => {
    expect(learnEnd(before, G)).toBe(after);
  });

  test("of an end is not forgotten for six that came after it, where only pages have had those", () => {
    let text: Base = `${A}!`;
    for (const one of [B, C, D, E, F, G]) text = learn(text, one, "-");
    expect(text).toBe(`${G}-${F}-${E}-${D}-${C}-${A}!`);
  });

  test.each<[string, Base, Fate, Base]>([
    ["is news", "", "-", `${A}-`],
    ["comes first, having ended", `${B}.${A}!`, "-", `${A}-${B}.`],
    ["comes first, having ended, and the hub has it", `${B}.${A}!`, ".", `${A}.${B}.`],
    ["stays where it is, if it had not ended", `${B}.${A}-`, "-", `${B}.${A}-`],
    ["stays where it is, and the hub has it now", `${B}-${A}~`, ".", `${B}-${A}.`],
    ["stays what it is, if the hub has had it", `${B}.${A}.`, "-", `${B}.${A}.`],
    ["takes no more room than it had", FULL.replace(`${F}.`, `${F}!`), ".", `${F}.${FULL.slice(0, 40)}`],
  ])("of a session that may be begun again: it %s", (_, before, its, after) => {
    expect(revive(before, before.startsWith(A) && before.length === 48 ? F : A, its)).toBe(after);
  });

  const lessons = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("learn" as const), one: digest, its: fate }),
      fc.record({ kind: fc.constant("learn behind" as const), one: digest, its: fate, at: fc.nat() }),
      fc.record({ kind: fc.constant("revive" as const), one: digest, its: fate }),
      fc.record({ kind: fc.constant("learn of an end" as const), one: digest }),
    ),
    { maxLength: 40 },
  );

  test("is always a base, of each session once", () => {
    fc.assert(
      fc.property(base, lessons, (start, all) => {
        let text = start;
        for (const lesson of all) {
          if (lesson.kind === "revive") text = revive(text, lesson.one, lesson.its);
          else if (lesson.kind === "learn of an end") text = learnEnd(text, lesson.one);
          else {
            const known = order(text);
            const newer = lesson.kind === "learn behind" ? known[lesson.at % (known.length || 1)] : undefined;
            text = learn(text, lesson.one, lesson.its, newer);
          }
          expect(isBase(text), text).toBe(true);
          expect(text.length).toBeLessThanOrEqual(48);
          expect(new Set(order(text)).size).toBe(order(text).length);
        }
      }),
    );
  });

  test("takes back no fate, and changes no other session's", () => {
    fc.assert(
      fc.property(base, digest, fate, (before, one, its) => {
        const after = learn(before, one, its);
        const was = fateOf(before, one);
        expect(fateOf(after, one)).toBe(was !== undefined && FATES.indexOf(was) > FATES.indexOf(its) ? was : its);
        for (const other of order(after).filter((each) => each !== one))
          expect(fateOf(after, other)).toBe(fateOf(before, other));
        // One that is known stays where it is.
        expect(was === undefined || order(after).join() === order(before).join()).toBe(true);
        // Who is told twice learns nothing more.
        expect(learn(after, one, its)).toBe(after);
      }),
    );
  });

  test("is there, and what it comes behind, too, whatever has to make room", () => {
    fc.assert(
      fc.property(base, digest, fate, fc.nat(5), (before, one, its, at) => {
        const newer = order(before)[at];
        const after = order(learn(before, one, its, newer));
        expect(after).toEqual(expect.arrayContaining([one, newer ?? one]));
        expect(order(learnEnd(before, one))).toContain(one);
      }),
    );
  });

  test("leaves the others in their order", () => {
    fc.assert(
      fc.property(base, digest, fate, fc.nat(2), (before, one, its, way) => {
        const isRevived = way === 0;
        const after = isRevived
          ? revive(before, one, its)
          : way === 1
            ? learn(before, one, its)
            : learnEnd(before, one);
        const others = order(after).filter((other) => other !== one);
        expect(order(before).filter((other) => others.includes(other))).toEqual(others);
        // At most one has gone, and none with a fate that matters while there is one that was noted only.
        const gone = order(before).filter((other) => other !== one && !others.includes(other));
        expect(gone.length).toBeLessThanOrEqual(1);
        const isGone = (other: string) => fateOf(before, other) === "-";
        expect(gone.every(isGone) || !others.some(isGone)).toBe(true);
        // Ended it is only if that is what the site learns now.
        expect(isRevived && its !== "!" && fateOf(after, one) === "!").toBe(false);
      }),
    );
  });
});

describe("of two sessions", () => {
  test.each([
    [A, B, true],
    [B, A, false],
    [A, A, false],
    [A, C, false],
    [C, A, false],
    [C, D, false],
  ])("%s is later than %s: %s", (one, other, expected) => {
    expect(isLater(`${A}.${B}!`, one, other)).toBe(expected);
  });

  test("at most one is the later one", () => {
    fc.assert(
      fc.property(base, digest, digest, (text, one, other) => {
        expect(isLater(text, one, other) && isLater(text, other, one)).toBe(false);
        const areKnown = one !== other && [one, other].every((each) => fateOf(text, each) !== undefined);
        expect(isLater(text, one, other) || isLater(text, other, one)).toBe(areKnown);
      }),
    );
  });
});

describe("the newest of several sessions that a page sees", () => {
  const newest = (text: Base, ...digests: string[]) =>
    digests.toSorted((one, other) => ageIn(text, one) - ageIn(text, other));

  test("is one that the site does not know, then one of each fate in their order", () => {
    expect(newest(`${D}!${C}.${B}~${A}-`, C, D, A, E, B)).toEqual([E, A, B, C, D]);
  });

  test("is the first of those with the same fate", () => {
    expect(newest(FULL, F, B, E)).toEqual([B, E, F]);
    expect(newest(`${A}!${B}.${C}!${D}.`, D, C, B, A)).toEqual([B, D, A, C]);
  });
});

test("the sessions of a fate are found", () => {
  const text = `${A}!${B}.${C}!${D}-`;
  expect([withFate(text, "!"), withFate(text, "."), withFate(text, "~"), withFate("", "-")]).toEqual([
    [A, C],
    [B],
    [],
    [],
  ]);
});

test.each([
  [fateOf(`${A}.${B}!`, A), "."],
  [fateOf(`${A}.${B}!`, B), "!"],
  [fateOf(`${A}.${B}!`, C), undefined],
  [fateOf("", A), undefined],
])("a fate is read: %j", (read, expected) => {
  expect(read).toBe(expected);
});

describe("what the hub's history is to have, too", () => {
  test.each<[string, Base, string | undefined, string]>([
    ["nothing, for the only session", `${A}-`, A, ""],
    ["what came before the session", `${A}-${B}.${C}!${D}~`, A, B + C + D],
    ["nothing of what came after", `${A}.${B}.${C}.`, B, C],
    ["nothing of what never left the site", `${A}-${B}-${C}.`, A, C],
    ["all that has ended, also what came after", `${A}!${B}.${C}.${D}!`, B, A + C + D],
    ["not the session itself, although it had ended", `${A}!${B}!${C}!`, B, A + C],
    ["what has ended, where only the session is unknown", `${A}.${B}!${C}-${D}!`, E, B + D],
    ["for a tombstone, the ended session, and nothing of what came before", `${A}!${B}.`, undefined, A],
    ["for a tombstone, nothing of what came after", `${A}.${B}!${C}.`, undefined, B],
    ["for a tombstone, all that were ended, the latest first", `${A}!${B}.${C}!`, undefined, A + C],
    ["for a tombstone, nothing of what never left the site", `${A}!${B}-${C}~`, undefined, A],
    ["nothing, for a tombstone of a site that has ended none", `${A}.${B}.`, undefined, ""],
    ["nothing, where nothing is known", "", undefined, ""],
    ["nothing, where only a session is unknown", "", A, ""],
  ])("is %s", (_, text, one, older) => {
    expect(olderThan(text, one)).toBe(older);
  });

  test("is nothing for a session that the site does not know, where none has ended", () => {
    expect(olderThan(`${A}.${B}.${C}.`, D)).toBe("");
  });

  test("is digests of the base, in its order: what has ended, and what came before the session and has left the site", () => {
    fc.assert(
      fc.property(base, fc.option(digest, { nil: undefined }), (text, one) => {
        const all = olderThan(text, one).match(/.{7}/g) ?? [];
        const isOlder = (each: string) => one !== undefined && isLater(text, one, each) && fateOf(text, each) !== "-";
        expect(all).toEqual(
          order(text).filter((each) => each !== one && (fateOf(text, each) === "!" || isOlder(each))),
        );
      }),
    );
  });
});
