import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../protocol/digest.ts";
import { type Base, fateOf, isBase } from "../../../session/base.ts";
import { type Decision, type Remote, isShared, reconcile, subjectOf } from "../../../session/reconcile.ts";
import {
  A,
  B,
  C,
  D,
  E,
  F,
  G,
  NOTHING,
  UNKNOWN,
  base,
  begunAgain,
  digest,
  ended,
  held,
  isBegunAgain,
  remote,
} from "./cases.ts";

type Case = [name: string, local: Digest | undefined, base: Base, remote: Remote, decision: Decision];

const local = (its: Base): Decision => ({ winner: "local", base: its, isPending: false });
const toSave = (its: Base): Decision => ({ winner: "local", base: its, isPending: true });
const theirs = (its: Base): Decision => ({ winner: "remote", base: its, isPending: false });
const none = (its: Base): Decision => ({ winner: "none", base: its, isPending: false });
const FIVE = `${B}.${C}.${D}.${E}.${F}.`;
const toEnd = (its: Base): Decision => ({ winner: "none", base: its, isPending: true });

describe("the page has no session, and the hub has one: the hub's wins", () => {
  test.each<Case>([
    ["of which the site knows nothing", undefined, "", held("a"), theirs(`${A}.`)],
    ["a newer one than the site knows", undefined, `${B}.`, held("a", B), theirs(`${A}.${B}.`)],
    ["one that the site has shared", undefined, `${A}.`, held("a"), theirs(`${A}.`)],
    ["one that the site has noted", undefined, `${A}-`, held("a"), theirs(`${A}.`)],
    ["one that a link has brought here", undefined, `${A}~`, held("a"), theirs(`${A}.`)],
    ["although the site has ended another", undefined, `${B}!`, held("a", B), theirs(`${A}.${B}!`)],
    ["although the site has ended one that the hub never had", undefined, `${B}!`, held("a"), theirs(`${A}.${B}!`)],
    ["although the site has ended an older one", undefined, `${A}.${B}!`, held("a"), theirs(`${A}.${B}!`)],
    ["one that came after the ended one", undefined, `${B}!${A}.`, held("a", B), theirs(`${B}!${A}.`)],
    ["one that has ended here, and was begun again elsewhere", undefined, `${A}!`, held("a", A), theirs(`${A}.`)],
    ["one begun again: it comes first", undefined, `${B}.${A}!`, held("a", B, A), theirs(`${A}.${B}.`)],
    [
      "one begun again, although the site has ended a later one",
      undefined,
      `${B}!${A}.`,
      held("a", A),
      theirs(`${B}!${A}.`),
    ],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the page has no session, and has ended what the hub has: nobody's wins, and the hub is to be told", () => {
  test.each<Case>([
    ["that very session", undefined, `${A}!`, held("a"), toEnd(`${A}!`)],
    ["that very session, whatever came before it", undefined, `${A}!`, held("a", B, C), toEnd(`${A}!`)],
    ["a later one: what is older does not come back", undefined, `${B}!${A}.`, held("a"), toEnd(`${B}!${A}.`)],
    ["a later one than one that was noted only", undefined, `${B}!${A}-`, held("a"), toEnd(`${B}!${A}-`)],
    ["a later one of several", undefined, `${D}.${B}!${A}.`, held("a", C), toEnd(`${D}.${B}!${A}.`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the page has no session, and the hub neither: nobody's wins", () => {
  test.each<Case>([
    ["nothing anywhere", undefined, "", NOTHING, none("")],
    ["a tombstone: the site learns of the end", undefined, "", ended(A), none(`${A}!`)],
    ["a tombstone: nothing is learned of what was over before", undefined, "", ended(A, B), none(`${A}!`)],
    ["a tombstone of which the site knew nothing: it comes last", undefined, `${B}.`, ended(A), none(`${B}.${A}!`)],
    ["a tombstone of a chat that the site has shared", undefined, `${B}.${A}.`, ended(A), none(`${B}.${A}!`)],
    ["a tombstone that does not say of what", undefined, `${A}.`, ended(), none(`${A}.`)],
    ["a tombstone of a chat that the site has ended", undefined, `${A}!`, ended(A), none(`${A}!`)],
    ["an ended chat of which the hub cannot hear", undefined, `${A}!`, UNKNOWN, none(`${A}!`)],
    ["an ended chat of which the hub knows nothing", undefined, `${A}!`, NOTHING, none(`${A}!`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the hub has had the page's session, and holds another: the hub's wins", () => {
  test.each<Case>([
    ["a new one", A, `${A}.`, held("b"), theirs(`${B}.${A}.`)],
    ["a new one, and knows that the page's was before", A, `${A}.`, held("b", A), theirs(`${B}.${A}.`)],
    ["as its history says", A, "", held("b", A), theirs(`${B}.`)],
    ["as its history says of one that the site has noted", A, `${A}-`, held("b", A), theirs(`${B}.${A}-`)],
    ["as its history says of one that a link has brought", A, `${A}~`, held("b", C, A), theirs(`${B}.${A}~`)],
    ["a later one of the site", A, `${B}.${A}.`, held("b"), theirs(`${B}.${A}.`)],
    ["an older one that came back after the page's", A, `${A}.${B}.`, held("b", A), theirs(`${A}.${B}.`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });

  test("unless the site has ended that: nobody's wins, and the hub is to be told", () => {
    expect(reconcile(A, `${B}!${A}.`, held("b", A))).toEqual(toEnd(`${B}!${A}.`));
  });
});

describe("the hub has had the page's session, and holds a tombstone: nobody's wins, and the site learns what that says", () => {
  test.each<Case>([
    ["of that session", A, `${A}.`, ended(A), none(`${A}!`)],
    ["that does not say of which: not that the page's has ended", A, `${A}.`, ended(), none(`${A}.`)],
    ["of a later one, and of that session", A, `${A}.`, ended(B, A), none(`${A}!${B}!`)],
    ["of another one: not that the page's has ended", A, `${A}.`, ended(B), none(`${A}.${B}!`)],
    ["of a later one that the site knows", A, `${B}.${A}.`, ended(B), none(`${B}!${A}.`)],
    ["of a session that the site has noted", A, `${A}-`, ended(A), none(`${A}!`)],
    ["of a session that a link has brought", A, `${A}~`, ended(B, A), none(`${A}!${B}!`)],
    ["of a session of which the site knows nothing", A, "", ended(A), none(`${A}!`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the hub has not seen the page's session: a live chat wins, and is to be saved", () => {
  test.each<Case>([
    ["over another session", A, "", held("b"), toSave(`${A}-${B}.`)],
    ["over another session that the site has shared", A, `${A}-${B}.`, held("b"), toSave(`${A}-${B}.`)],
    ["over a later session of the hub", A, `${A}-${B}.`, held("c", B), toSave(`${A}-${C}.${B}.`)],
    ["over a later session of the site", A, `${B}.${A}-`, held("b"), toSave(`${B}.${A}-`)],
    ["over a tombstone", A, `${B}.`, ended(B), toSave(`${A}-${B}!`)],
    ["over a tombstone of which the site has not heard", A, "", ended(B), toSave(`${A}-${B}!`)],
    ["over a tombstone that does not say of what", A, `${A}-`, ended(), toSave(`${A}-`)],
    [
      "over the last of six, which the hub does not hold",
      A,
      `${FIVE}${A}-`,
      held("g"),
      toSave(`${FIVE.slice(0, 32)}${A}-${G}.`),
    ],
    ["having come by a link", A, `${A}~${B}.`, held("b"), toSave(`${A}~${B}.`)],
    ["where the site has ended what the hub holds", A, `${A}-${B}!`, held("b"), toSave(`${A}-${B}!`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the site has shared a later session than the hub's cookie is about: a slow write does not win", () => {
  test.each<Case>([
    ["it held an older session", A, `${A}.${B}.`, held("b"), toSave(`${A}.${B}.`)],
    ["it held an older session, with what came before", A, `${A}.${B}.`, held("b", C, D), toSave(`${A}.${B}.`)],
    ["it ended an older session", A, `${A}.${B}.`, ended(B), toSave(`${A}.${B}!`)],
    ["it held one that the site has ended", A, `${A}.${B}!`, held("b"), toSave(`${A}.${B}!`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("both have the same session: it stays, and is shared", () => {
  test.each<Case>([
    ["news for the site", A, "", held("a"), local(`${A}.`)],
    ["noted before", A, `${A}-`, held("a", B), local(`${A}.`)],
    ["brought by a link before", A, `${A}~`, held("a"), local(`${A}.`)],
    ["shared before", A, `${B}.${A}.`, held("a"), local(`${B}.${A}.`)],
    ["as a later one was ended", A, `${B}!${A}.`, held("a", B), local(`${B}!${A}.`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the hub says nothing: the page's stays", () => {
  test.each<Case>([
    ["its cookie is not there", A, `${A}.`, NOTHING, local(`${A}.`)],
    ["there is no access to it", A, `${A}.`, UNKNOWN, local(`${A}.`)],
    ["a session that it may not have is to be saved", A, "", NOTHING, toSave(`${A}-`)],
    ["the same without access", A, "", UNKNOWN, toSave(`${A}-`)],
    ["one that came by a link is to be saved", A, `${A}~`, UNKNOWN, toSave(`${A}~`)],
    ["one that was ended is not saved", A, `${A}!`, UNKNOWN, local(`${A}!`)],
    ["one that was ended is not saved, without a hub cookie", A, `${A}!`, NOTHING, local(`${A}!`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

describe("the page still has a session that was ended: it is as if it had none", () => {
  test.each<Case>([
    ["the hub has it, too", A, `${A}!`, held("a"), toEnd(`${A}!`)],
    ["the hub has a later one", A, `${A}!`, held("b", A), theirs(`${B}.${A}!`)],
    ["the hub has heard of it", A, `${A}!`, ended(A), none(`${A}!`)],
    ["the hub has an older one", A, `${A}!${B}.`, held("b"), toEnd(`${A}!${B}.`)],
    ["unless the hub has it, too, having begun it again", A, `${A}!`, held("a", A), theirs(`${A}.`)],
  ])("%s", (_, page, before, hub, decision) => {
    expect(reconcile(page, before, hub)).toEqual(decision);
  });
});

test.each([
  [isShared(A, `${A}.`, UNKNOWN), true],
  [isShared(A, `${A}~`, UNKNOWN), false],
  [isShared(A, `${A}!`, UNKNOWN), false],
  [isShared(A, "", held("a")), true],
  [isShared(A, "", held("b", C, A)), true],
  [isShared(A, "", ended(A)), true],
  [isShared(A, "", ended(B, A)), true],
  [isShared(A, "", ended()), false],
  [isShared(A, `${B}.`, held("b", C)), false],
])("whether the hub has had a session: %j", (said, expected) => {
  expect(said).toBe(expected);
});

test.each([
  [subjectOf(held("a", B)), A],
  [subjectOf(ended(B, C)), B],
  [subjectOf(ended()), undefined],
  [subjectOf(NOTHING), undefined],
  [subjectOf(UNKNOWN), undefined],
])("what a hub cookie is about: %j", (subject, expected) => {
  expect(subject).toBe(expected);
});

describe("whatever page, site and hub have", () => {
  const page = fc.option(digest, { nil: undefined });
  const saysSomething = (hub: Remote) => hub.kind === "session" || hub.kind === "tombstone";

  function shown(before: Digest | undefined, hub: Remote, { winner }: Decision): Digest | undefined {
    return winner === "local" ? before : winner === "remote" ? subjectOf(hub) : undefined;
  }

  test("who decides again decides the same", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const once = reconcile(before, its, hub);
        const after = shown(before, hub, once);
        const twice = reconcile(after, once.base, hub);
        expect(shown(after, hub, twice)).toBe(after);
        expect(twice).toEqual({ ...twice, base: once.base, isPending: once.isPending });
      }),
      { numRuns: 2000 },
    );
  });

  test("an ended session is shown only where the page has it, and the hub says nothing, or has begun it again", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const decision = reconcile(before, its, hub);
        const after = shown(before, hub, decision);
        const isEnded = (text: Base) => after !== undefined && fateOf(text, after) === "!";
        if (isBegunAgain(hub) && after === subjectOf(hub)) return;
        if (!isEnded(its) && !isEnded(decision.base)) return;
        expect([decision.winner, saysSomething(hub)]).toEqual(["local", false]);
      }),
      { numRuns: 2000 },
    );
  });

  test("the hub's session wins only if it has one, and then it lacks nothing", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const { winner, base: after, isPending } = reconcile(before, its, hub);
        if (winner !== "remote") return;
        expect([hub.kind, isPending]).toEqual(["session", false]);
        expect(fateOf(after, subjectOf(hub) ?? "")).toBe(".");
      }),
    );
  });

  test("the page's own wins only if it has one, and the site then knows it", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const { winner, base: after } = reconcile(before, its, hub);
        const isKnown = before !== undefined && fateOf(after, before) !== undefined;
        expect(winner === "local" && !isKnown).toBe(false);
      }),
    );
  });

  test("what the hub has begun again is shown to a page that has no session, or an ended one", () => {
    fc.assert(
      fc.property(page, base, begunAgain, (before, its, hub) => {
        fc.pre(before === undefined || fateOf(its, before) === "!");
        const { winner, base: after, isPending } = reconcile(before, its, hub);
        expect([winner, isPending, fateOf(after, hub.digest)]).toEqual(["remote", false, "."]);
      }),
    );
  });

  test("a tombstone ends no session in the base but what it names, and says so of its subject", () => {
    const tombstone = remote.filter((hub) => hub.kind === "tombstone");
    fc.assert(
      fc.property(page, base, tombstone, (before, its, hub) => {
        const { base: after } = reconcile(before, its, hub);
        const named = "history" in hub ? hub.history : [];
        for (const one of [A, B, C, D, E, F, G].filter((each) => !named.includes(each)))
          expect([fateOf(its, one), undefined, "-"]).toContain(fateOf(after, one));
        expect(named[0] === undefined || fateOf(after, named[0]) === "!").toBe(true);
      }),
    );
  });

  test("an end is never to be told of where the hub holds no session", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const { winner, isPending } = reconcile(before, its, hub);
        expect(winner === "none" && isPending && hub.kind !== "session").toBe(false);
      }),
    );
  });

  test("a live chat that the hub has not seen is kept", () => {
    fc.assert(
      fc.property(digest, base, remote, (before, its, hub) => {
        fc.pre(!isShared(before, its, hub) && fateOf(its, before) !== "!");
        expect(reconcile(before, its, hub)).toMatchObject({ winner: "local", isPending: true });
      }),
    );
  });

  test("the base stays one, and no fate is taken back, but of what was begun again, or has made room and is learned anew", () => {
    fc.assert(
      fc.property(page, base, remote, (before, its, hub) => {
        const after = reconcile(before, its, hub).base;
        expect(isBase(after), after).toBe(true);
        for (const one of [A, B, C, D, E, F, G]) {
          const [was, is] = [fateOf(its, one), fateOf(after, one)];
          // The page's session is the seventh: the hub's, which was the last, is forgotten, and then learned.
          const isAnew = its.length === 48 && before !== undefined && fateOf(its, before) === undefined;
          if (subjectOf(hub) === one && ((isBegunAgain(hub) && was === "!") || isAnew)) continue;
          expect(was && is ? "-~.!".indexOf(is) - "-~.!".indexOf(was) : 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
