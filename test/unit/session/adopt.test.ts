import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../protocol/digest.ts";
import { canAdopt } from "../../../session/adopt.ts";
import { type Base, fateOf, isLater, learn, withFate } from "../../../session/base.ts";
import { type Remote, isShared, reconcile } from "../../../session/reconcile.ts";
import { A, B, C, NOTHING, UNKNOWN, base, digest, ended, held, remote } from "./cases.ts";

type Case = [name: string, local: Digest | undefined, base: Base, remote: Remote];

/** What the link brings is always "b". */
describe("a session that a link has brought is taken", () => {
  test.each<Case>([
    ["by a page that has none", undefined, "", NOTHING],
    ["by a page that has none, without access to the hub", undefined, "", UNKNOWN],
    ["by a page that has none, whatever the hub holds", undefined, "", held("a")],
    ["by a page that has none, over a tombstone of another", undefined, "", ended(A)],
    ["by a page that has ended another", undefined, `${A}!`, UNKNOWN],
    ["over one that the hub has had", A, `${A}.`, UNKNOWN],
    ["over one that the hub holds", A, `${A}-`, held("a")],
    ["over one that the hub held before, as its history says", A, "", held("c", A)],
    ["over one that came or went by a link", A, `${A}~`, UNKNOWN],
    ["over one that was ended", A, `${A}!`, UNKNOWN],
    ["over an older one", A, `${B}.${A}.`, UNKNOWN],
    ["where the page has it already", B, `${B}.`, UNKNOWN],
    ["where the hub holds it, having begun it again", undefined, "", held("b", B)],
    ["where the hub holds it, having begun it again after the page's", A, `${A}.`, held("b", A, B)],
  ])("%s", (_, page, its, hub) => {
    expect(canAdopt(page, its, hub, B)).toBe(true);
  });
});

describe("a session that a link has brought is not taken", () => {
  test.each<Case>([
    ["over a live chat that nobody has had", A, `${A}-`, UNKNOWN],
    ["over a live chat of which not even the site has heard", A, "", NOTHING],
    ["over a live chat, whatever else the hub holds", A, `${A}-`, held("c")],
    ["over a live chat, although the hub holds the brought one", A, `${A}-`, held("b")],
    ["if it was ended here", undefined, `${B}!`, UNKNOWN],
    ["if it was ended here, over one that was shared", A, `${A}.${B}!`, UNKNOWN],
    ["if it was ended elsewhere", undefined, "", ended(B)],
    ["if it was ended before another was", undefined, "", ended(A, B)],
    ["if the hub has moved on from it", undefined, "", held("a", B)],
    ["if the hub has moved on from it, to the page's", A, `${A}.`, held("a", C, B)],
    ["over a later one that was shared", A, `${A}.${B}.`, UNKNOWN],
    ["over a later one that came by a link", A, `${A}~${B}~`, UNKNOWN],
    ["over a later one that was ended", A, `${A}!${B}.`, UNKNOWN],
    ["if it is older than one that was ended here", undefined, `${A}!${B}.`, UNKNOWN],
    ["if it is older than one that was ended here, over one that was shared", C, `${C}.${A}!${B}.`, UNKNOWN],
    ["if it was ended here, although the hub holds it, having begun it again", undefined, `${B}!`, held("b", B)],
  ])("%s", (_, page, its, hub) => {
    expect(canAdopt(page, its, hub, B)).toBe(false);
  });
});

describe("whatever page, site and hub have, a link's session", () => {
  const page = fc.option(digest, { nil: undefined });

  test("is never taken over a live chat, nor if it was ended, nor if it is older than the page's or than an ended one", () => {
    fc.assert(
      fc.property(page, base, remote, digest, (local, its, hub, brought) => {
        if (!canAdopt(local, its, hub, brought)) return;
        expect(fateOf(its, brought)).not.toBe("!");
        expect(withFate(its, "!").some((one) => isLater(its, one, brought))).toBe(false);
        const isHeld = hub.kind === "session" && hub.digest === brought;
        expect("history" in hub && !isHeld ? hub.history : []).not.toContain(brought);
        if (local === undefined) return;
        const isLive = !["~", "!"].includes(fateOf(its, local) ?? "") && !isShared(local, its, hub);
        expect([isLive, isLater(its, local, brought)]).toEqual([false, false]);
      }),
      { numRuns: 2000 },
    );
  });

  test("is then shown, or gives way to what the hub has had after it", () => {
    fc.assert(
      fc.property(page, base, remote, digest, (local, its, hub, brought) => {
        fc.pre(canAdopt(local, its, hub, brought));
        const { winner } = reconcile(brought, learn(its, brought, "~"), hub);
        // Only where the hub has had it before: then it holds something else now.
        expect(winner === "local" || fateOf(its, brought) === ".").toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
