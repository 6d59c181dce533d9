import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, splitDigests } from "../../../protocol/digest.ts";
import { type FrameContent, type PageState, UNASKED } from "../../../protocol/messages.ts";
import { type Base, fateOf, learn } from "../../../session/base.ts";
import {
  type Effect,
  type FrameEvent,
  type FrameState,
  INITIAL_STATE,
  type WriteRequest,
  step,
} from "../../../session/frame.ts";
import { succeed } from "../../../session/history.ts";
import type { Remote } from "../../../session/reconcile.ts";
import { A, B, C, D, E, F, NOTHING, UNKNOWN, base, ended, held, remote, session } from "./cases.ts";

const CHANGED: Effect = { type: "send", id: UNASKED, content: { type: "changed" } };
const FAILED = "The hub answered 500.";
const OFFER_SAVE: Effect = { type: "offer", purpose: "save" };
const OFFER_CONTINUE: Effect = { type: "offer", purpose: "continue" };

function load(page: PageState, evidence: Remote, brought = "", id = 1): FrameEvent & { type: "load" } {
  return { type: "load", request: { type: "load", id, ...page, codes: "", arrived: "" }, brought, evidence };
}

function request(type: WriteRequest["type"], session: string, base: Base = "", id = 1): WriteRequest {
  return { type, id, session, base };
}

function asked(request: WriteRequest, evidence: Remote): FrameEvent {
  return { type: "asked", request, evidence };
}

function written(evidence: Remote, failure?: string): FrameEvent {
  return { type: "written", evidence, failure };
}

function answered(id: number, more: Partial<FrameContent & { type: "answered" }> = {}, failure?: string): Effect {
  const content = { type: "answered" as const, done: false, saved: false, base: "", code: "", ...more };
  return { type: "send", id, content, failure };
}

function loaded(page: PageState, more: { saved?: boolean; pending?: boolean } = {}, id = 1): Effect {
  return { type: "send", id, content: { type: "loaded", saved: false, pending: false, ...page, ...more } };
}

/** What follows from several events, one list for each, and the state that is left. */
function run(start: Partial<FrameState>, ...events: readonly FrameEvent[]): [Effect[][], FrameState] {
  let state: FrameState = { ...INITIAL_STATE, ...start };
  const all = events.map((event) => {
    const [next, effects] = step(state, event);
    state = next;
    return [...effects];
  });
  return [all, state];
}

/** A frame that has the hub write something, and waits. */
function writing(request: WriteRequest, session = request.type === "clear" ? "" : request.session): FrameState {
  return { ...INITIAL_STATE, writing: { request, session, queue: [] } };
}

function writes(effects: readonly Effect[]): Effect[] {
  return effects.filter(({ type }) => type === "write");
}

describe("a load", () => {
  test.each<[string, FrameEvent, Effect[]]>([
    [
      "brings nothing, where there is nothing",
      load({ session: "", base: "" }, NOTHING),
      [loaded({ session: "", base: "" })],
    ],
    ["brings the hub's session", load({ session: "", base: "" }, held("a")), [loaded({ session: "a", base: `${A}.` })]],
    [
      "brings nothing to a site that has ended the hub's, and asks for a repair",
      load({ session: "", base: `${A}!` }, held("a")),
      [loaded({ session: "", base: `${A}!` }, { pending: true })],
    ],
    [
      "leaves a live chat, and asks for a repair",
      load({ session: "a", base: "" }, held("b")),
      [loaded({ session: "a", base: `${A}-${B}.` }, { pending: true })],
    ],
    [
      "says that the hub has turned out to hold the page's session",
      load({ session: "a", base: `${A}-` }, held("a")),
      [loaded({ session: "a", base: `${A}.` }, { saved: true })],
    ],
    [
      "does not say so again",
      load({ session: "a", base: `${A}.` }, held("a")),
      [loaded({ session: "a", base: `${A}.` })],
    ],
    [
      "says that the page's session has ended",
      load({ session: "a", base: `${A}.` }, ended(A)),
      [loaded({ session: "", base: `${A}!` })],
    ],
    [
      "without access leaves the page's session, and asks for no repair",
      load({ session: "a", base: "" }, UNKNOWN),
      [loaded({ session: "a", base: `${A}-` })],
    ],
    [
      "without access asks the visitor, for there may be a session",
      load({ session: "", base: "" }, UNKNOWN),
      [loaded({ session: "", base: "" }), OFFER_CONTINUE],
    ],
    [
      "without access asks the visitor, for there may be a newer session",
      load({ session: "a", base: `${A}.` }, UNKNOWN),
      [loaded({ session: "a", base: `${A}.` }), OFFER_CONTINUE],
    ],
  ])("%s", (_, event, effects) => {
    expect(run({}, event)[0]).toEqual([effects]);
  });

  test("brings the hub's session to a site that has ended it, where it was begun again elsewhere", () => {
    const [[effects]] = run({}, load({ session: "", base: `${A}!` }, held("a", A)));
    expect(effects).toEqual([loaded({ session: "a", base: `${A}.` })]);
  });

  test("remembers what the page has heard of the hub", () => {
    expect(run({}, load({ session: "", base: "" }, held("a", B)))[1].heard).toEqual(held("a", B));
    expect(run({ heard: held("a") }, load({ session: "", base: "" }, UNKNOWN))[1].heard).toEqual(UNKNOWN);
  });

  test.each<[string, PageState, Remote, string]>([
    ["a live chat without access", { session: "a", base: "" }, UNKNOWN, "a"],
    ["nothing, with access", { session: "a", base: "" }, NOTHING, ""],
    ["nothing, where the hub has had it", { session: "a", base: `${A}.` }, UNKNOWN, ""],
    ["nothing, where it was ended", { session: "a", base: `${A}!` }, UNKNOWN, ""],
  ])("leaves waiting for a popup: %s", (_, page, evidence, waiting) => {
    const before: PageState = { session: "before", base: "" };
    expect(run({ waiting: before }, load(page, evidence))[1].waiting?.session ?? "").toBe(waiting);
  });

  test("leaves for a popup what the site knows by then, too", () => {
    const [, state] = run({}, load({ session: "a", base: `${B}!` }, UNKNOWN));
    expect(state.waiting).toEqual({ session: "a", base: `${A}-${B}!` });
  });

  test("while the hub writes is answered at once, and leaves the write as it is", () => {
    const start = writing(request("save", "a", `${A}-`));
    const [[effects], state] = run(start, load({ session: "a", base: `${A}-` }, NOTHING, "", 2));
    expect(effects).toEqual([loaded({ session: "a", base: `${A}-` }, { pending: true }, 2)]);
    expect(state.writing).toEqual(start.writing);
  });
});

describe("a load with a session that a link has brought", () => {
  test.each<[string, FrameEvent, Effect[]]>([
    [
      "takes it, for the hub to be told",
      load({ session: "", base: "" }, NOTHING, "b"),
      [{ type: "adopted" }, loaded({ session: "b", base: `${B}~` }, { pending: true })],
    ],
    [
      "takes it, and says that the hub has it",
      load({ session: "", base: "" }, held("b"), "b"),
      [{ type: "adopted" }, loaded({ session: "b", base: `${B}.` }, { saved: true })],
    ],
    [
      "takes it over the one that both had before",
      load({ session: "a", base: `${A}.` }, held("a"), "b"),
      [{ type: "adopted" }, loaded({ session: "b", base: `${B}~${A}.` }, { pending: true })],
    ],
    [
      "takes it without access, and does not ask the visitor: it came of itself",
      load({ session: "", base: "" }, UNKNOWN, "b"),
      [{ type: "adopted" }, loaded({ session: "b", base: `${B}~` })],
    ],
    [
      "leaves it for a live chat",
      load({ session: "a", base: `${A}-` }, NOTHING, "b"),
      [loaded({ session: "a", base: `${A}-` }, { pending: true })],
    ],
    [
      "leaves it if it has ended",
      load({ session: "", base: `${B}!` }, NOTHING, "b"),
      [loaded({ session: "", base: `${B}!` })],
    ],
    [
      "leaves it for what the hub has had after it",
      load({ session: "", base: "" }, held("a", B), "b"),
      [loaded({ session: "a", base: `${A}.` })],
    ],
  ])("%s", (_, event, effects) => {
    expect(run({}, event)[0]).toEqual([effects]);
  });

  test("leaves it if a popup said that it has ended", () => {
    const [[effects]] = run({ popup: ended(B) }, load({ session: "", base: "" }, UNKNOWN, "b"));
    expect(effects).toEqual([loaded({ session: "", base: `${B}!` })]);
  });

  test("leaves it for what a popup said that the hub has had after it", () => {
    const [[effects]] = run({ popup: held("a", B) }, load({ session: "", base: "" }, UNKNOWN, "b"));
    expect(effects).toEqual([loaded({ session: "a", base: `${A}.` })]);
  });

  test("leaves it if the page has ended a later one", () => {
    const [[effects]] = run({}, load({ session: "", base: `${A}!${B}.` }, NOTHING, "b"));
    expect(effects).toEqual([loaded({ session: "", base: `${A}!${B}.` })]);
  });

  test("takes it where the hub holds it, although that had been over", () => {
    const [[effects]] = run({}, load({ session: "a", base: `${A}.` }, held("b", A, B), "b"));
    expect(effects).toEqual([{ type: "adopted" }, loaded({ session: "b", base: `${B}.${A}.` }, { saved: true })]);
  });
});

describe("a save", () => {
  test("has the hub write, and is answered once it can be read back", () => {
    const [[first, second], state] = run(
      {},
      asked(request("save", "a", `${A}-${B}.`), held("b")),
      written(held("a", B)),
    );
    expect(first).toEqual([{ type: "write", session: "a", older: B }]);
    expect(second).toEqual([answered(1, { done: true, saved: true, base: `${A}.${B}.` })]);
    expect(state).toEqual({ ...INITIAL_STATE, heard: held("a", B) });
  });

  test.each<[string, Remote, string | undefined, string]>([
    ["the hub has failed", NOTHING, FAILED, FAILED],
    ["the hub has failed, although its cookie says so", held("a"), FAILED, FAILED],
    ["the browser has dropped the cookie", NOTHING, undefined, "The browser did not keep the hub's cookie."],
    ["another write came after it", held("b"), undefined, "The browser did not keep the hub's cookie."],
    ["it was ended meanwhile", ended(A), undefined, "The browser did not keep the hub's cookie."],
    ["there is no access any more", UNKNOWN, undefined, "The browser did not keep the hub's cookie."],
  ])("is not done where %s", (_, evidence, failure, why) => {
    const [effects, state] = run(writing(request("save", "a", `${A}-`)), written(evidence, failure));
    expect(effects).toEqual([[answered(1, { base: `${A}-` }, why)]]);
    expect(state.writing).toBeUndefined();
  });

  test("that has failed tells of what is there instead", () => {
    const start = { ...writing(request("save", "a", `${A}-`)), heard: NOTHING };
    expect(run(start, written(held("b")))[0][0]?.slice(1)).toEqual([CHANGED]);
    expect(run(start, written(NOTHING))[0][0]?.slice(1)).toEqual([]);
  });

  test("of what the hub holds costs no write", () => {
    const [[effects], state] = run({}, asked(request("save", "a", `${A}-`), held("a", B)));
    expect(effects).toEqual([answered(1, { done: true, saved: true, base: `${A}.` })]);
    expect(state).toEqual({ ...INITIAL_STATE, heard: held("a", B) });
  });

  test.each<[string, Base, Remote]>([
    ["a session", `${A}-`, held("b")],
    ["a session, where the hub has had the page's before", `${A}.`, held("b", A)],
    ["a tombstone", `${A}-`, ended(B)],
    ["a tombstone of one that came after the page's", `${A}.`, ended(B, A)],
  ])("over %s of which the site has not heard is refused, and the page is told", (_, its, evidence) => {
    const [[effects], state] = run({ heard: NOTHING }, asked(request("save", "a", its), evidence));
    expect(effects).toEqual([answered(1, { base: its }), CHANGED]);
    // Until it loads, it has not heard of that.
    expect(state).toEqual({ ...INITIAL_STATE, heard: NOTHING });
  });

  test.each<[string, Base, Remote]>([
    ["a later session of the hub", `${B}.${A}.`, held("b", A)],
    ["a tombstone of it", `${A}.`, ended(A)],
    ["a tombstone of a later one", `${B}!${A}.`, ended(B, A)],
  ])("over %s that the site knows is refused, too", (_, its, evidence) => {
    expect(run({}, asked(request("save", "a", its), evidence))[0]).toEqual([[answered(1, { base: its }), CHANGED]]);
  });

  test.each<[string, Base, Remote, string]>([
    ["nothing", `${A}-`, NOTHING, ""],
    ["nothing, having been there", `${A}.`, NOTHING, ""],
    ["another session that the site knows", `${A}-${B}.`, held("b"), B],
    ["a tombstone of another that the site knows", `${A}-${B}!`, ended(B), B],
    ["a tombstone that does not say of what", `${A}-`, ended(), ""],
    ["an older one that was written late", `${A}.${B}.`, held("b"), B],
  ])("goes over %s", (_, its, evidence, older) => {
    expect(run({}, asked(request("save", "a", its), evidence))[0]).toEqual([[{ type: "write", session: "a", older }]]);
  });

  test.each<[string, Base, Remote, string]>([
    ["its tombstone", `${C}.${A}!`, ended(A), ""],
    ["the tombstone of a later one, which stays over", `${B}!${A}!`, ended(B, A), B],
    ["another session that the site knows", `${B}.${A}!${C}.`, held("b", A), C],
    ["nothing", `${A}!`, NOTHING, ""],
  ])("of an ended session begins it again, over %s", (_, its, evidence, older) => {
    const [[first, second]] = run({}, asked(request("save", "a", its), evidence), written(held("a")));
    expect(first).toEqual([{ type: "write", session: "a", older }]);
    expect(second).toEqual([answered(1, { done: true, saved: true, base: `${A}.${its.replace(`${A}!`, "")}` })]);
  });

  test("of an ended session that the hub holds costs no write", () => {
    const [[effects]] = run({}, asked(request("save", "a", `${B}.${A}!`), held("a")));
    expect(effects).toEqual([answered(1, { done: true, saved: true, base: `${A}.${B}.` })]);
  });

  test.each<[string, Remote]>([
    ["a tombstone", ended(B, A)],
    ["a session", held("b", A)],
  ])("of an ended session over %s of which the site has not heard is refused, and leaves it ended", (_, evidence) => {
    const [[effects]] = run({}, asked(request("save", "a", `${C}.${A}!`), evidence));
    expect(effects).toEqual([answered(1, { base: `${C}.${A}!` }), CHANGED]);
  });

  test("of an ended session begins it again, at the latest after a load", () => {
    const tombstone = ended(B, A);
    const [effects] = run(
      {},
      asked(request("save", "a", `${A}!`), tombstone),
      load({ session: "a", base: `${A}!` }, tombstone, "", 2),
      asked(request("save", "a", `${A}!${B}!`, 3), tombstone),
    );
    expect(effects[0]).toEqual([answered(1, { base: `${A}!` }), CHANGED]);
    expect(effects[1]).toEqual([loaded({ session: "", base: `${A}!${B}!` }, {}, 2)]);
    expect(effects[2]).toEqual([{ type: "write", session: "a", older: B }]);
  });

  test.each<[string, Remote, string | undefined]>([
    ["fails", ended(A), FAILED],
    ["the browser does not keep", NOTHING, undefined],
  ])("of an ended session that %s leaves it ended", (_, evidence, failure) => {
    const [[, effects]] = run({}, asked(request("save", "a", `${A}!`), ended(A)), written(evidence, failure));
    expect(effects?.[0]).toMatchObject({ content: { done: false, saved: false, base: `${A}!` } });
  });

  test.each([
    ["that has ended there", "a", ended(A)],
    ["after another site's chat has ended", "b", ended(A)],
    ["after another site's chat has ended twice", "b", ended(A, C)],
  ])("is done at once %s, of which the site has heard by its load only", (_, session, tombstone) => {
    const [[first = []], state] = run({}, load({ session: "", base: "" }, tombstone));
    expect(first).toEqual([loaded({ session: "", base: `${A}!` })]);
    // The chat, or the visitor's login, writes the cookie.
    const its = learn(`${A}!`, digestOf(session), "-");
    const [[second]] = run(state, asked(request("save", session, its, 2), tombstone));
    expect(second).toEqual([{ type: "write", session, older: session === "a" ? "" : A }]);
  });

  test("of what the hub had since the page asked does not go over what came after", () => {
    const start = { heard: held("a") };
    expect(run(start, asked(request("save", "a", `${A}-${B}.`), held("b", A)))[0]).toEqual([
      [answered(1, { base: `${A}-${B}.` }), CHANGED],
    ]);
    expect(run(start, asked(request("save", "a", `${A}-`), ended(A)))[0]).toEqual([
      [answered(1, { base: `${A}-` }), CHANGED],
    ]);
  });

  test.each<[string, Base, Partial<FrameState>, Effect[], string]>([
    ["waits, and asks the visitor", `${A}-`, {}, [answered(1, { base: `${A}-` }), OFFER_SAVE], "a"],
    ["waits, and stays ended if it was", `${A}!`, {}, [answered(1, { base: `${A}!` }), OFFER_SAVE], "a"],
    [
      "waits, although a popup has seen another",
      `${A}-`,
      { popup: held("b") },
      [answered(1, { base: `${A}-` }), OFFER_SAVE],
      "a",
    ],
    ["asks nobody, where the hub has had it", `${A}.`, {}, [answered(1, { base: `${A}.` })], ""],
    [
      "is done, if a popup has just done it",
      `${A}-`,
      { popup: held("a"), waiting: { session: "a", base: "" } },
      [answered(1, { done: true, saved: true, base: `${A}.` })],
      "",
    ],
  ])("without access %s", (_, its, start, effects, waiting) => {
    const [all, state] = run(start, asked(request("save", "a", its), UNKNOWN));
    expect(all).toEqual([effects]);
    const left = waiting ? { session: waiting, base: its } : undefined;
    expect([state.waiting, state.writing]).toEqual([left, undefined]);
  });
});

describe("a clear", () => {
  test.each<[string, Base, Remote, string]>([
    ["the session", `${A}!${B}.`, held("a"), A],
    ["the session, and tells of all that the site has ended", `${A}!${B}.${C}!`, held("a"), A + C],
    ["another session", `${A}!`, held("b"), A],
    ["a tombstone", `${A}!`, ended(A), A],
    ["nothing", `${A}!`, NOTHING, A],
    ["nothing, by a site that has had none", "", NOTHING, ""],
  ])("leaves a tombstone in place of %s", (_, its, evidence, older) => {
    const [[first, second], state] = run({}, asked(request("clear", "", its), evidence), written(ended(A)));
    expect(first).toEqual([{ type: "write", session: "", older }]);
    expect(second).toEqual([answered(1, { done: true, base: its })]);
    expect(state).toEqual({ ...INITIAL_STATE, heard: ended(A) });
  });

  test("is never said to have saved, whatever the page says that it has", () => {
    const [[, effects]] = run({}, asked(request("clear", "a", `${A}!`), held("a")), written(ended(A)));
    expect(effects).toEqual([answered(1, { done: true, base: `${A}!` })]);
  });

  test("that has failed is not revived by the next load: the hub is to be told", () => {
    const [effects] = run(
      { heard: held("a") },
      asked(request("clear", "", `${A}!`), held("a")),
      written(held("a"), FAILED),
      load({ session: "", base: `${A}!` }, held("a"), "", 2),
      asked(request("repair", "", `${A}!`, 3), held("a")),
      written(ended(A)),
    );
    expect(effects).toEqual([
      [{ type: "write", session: "", older: A }],
      [answered(1, { base: `${A}!` }, FAILED)],
      [loaded({ session: "", base: `${A}!` }, { pending: true }, 2)],
      [{ type: "write", session: "", older: A }],
      [answered(3, { done: true, base: `${A}!` })],
    ]);
  });

  test("without access leaves nothing waiting, and asks nobody", () => {
    const [effects, state] = run(
      { waiting: { session: "a", base: "" } },
      asked(request("clear", "", `${A}!`), UNKNOWN),
    );
    expect(effects).toEqual([[answered(1, { base: `${A}!` })]]);
    expect(state.waiting).toBeUndefined();
  });

  test("without access is done, if a popup has found a tombstone", () => {
    const [effects] = run({ popup: ended(A) }, asked(request("clear", "", `${A}!`), UNKNOWN));
    expect(effects).toEqual([[answered(1, { done: true, base: `${A}!` })]]);
  });
});

describe("a repair", () => {
  test.each<[string, string, Base, Remote, Effect[]]>([
    ["saves the live chat", "a", `${A}-${B}.`, held("b"), [{ type: "write", session: "a", older: B }]],
    [
      "tells of the end of a later chat with the live one, which was there beside that",
      "a",
      `${B}!${A}-`,
      NOTHING,
      [{ type: "write", session: "a", older: B }],
    ],
    ["tells of an end", "", `${A}!`, held("a"), [{ type: "write", session: "", older: A }]],
    ["tells of the end of a later chat", "", `${B}!${A}.`, held("a"), [{ type: "write", session: "", older: B }]],
    [
      "is done, where the hub holds the session",
      "a",
      `${A}-`,
      held("a"),
      [answered(1, { done: true, saved: true, base: `${A}.` })],
    ],
    ["is not done over what is news", "a", `${A}-`, held("b"), [answered(1, { base: `${A}-` }), CHANGED]],
    ["is not done over what has won meanwhile", "", `${A}!`, held("b"), [answered(1, { base: `${A}!` }), CHANGED]],
    ["is not done where there is nothing to tell", "", `${A}!`, ended(A), [answered(1, { base: `${A}!` }), CHANGED]],
    ["does not begin an ended chat again", "a", `${A}!`, held("b"), [answered(1, { base: `${A}!` }), CHANGED]],
  ])("%s", (_, its, known, evidence, effects) => {
    expect(run({}, asked(request("repair", its, known), evidence))[0]).toEqual([effects]);
  });
});

describe("a repair of an ended chat", () => {
  test("that page and hub still have does not begin it again: the hub is told of its end", () => {
    const [[effects]] = run({}, asked(request("repair", "a", `${A}!`), held("a")));
    expect(effects).toEqual([{ type: "write", session: "", older: A }]);
  });

  test("never has it written, whatever a hub cookie says, and whatever the page has heard", () => {
    fc.assert(
      fc.property(session, base, remote, remote, (one, its, heard, evidence) => {
        fc.pre("history" in evidence && fateOf(its, digestOf(one)) === "!");
        const [[effects = []]] = run({ heard }, asked(request("repair", one, its, 2), evidence));
        expect(effects).not.toContainEqual(expect.objectContaining({ type: "write", session: one }));
        expect(effects).not.toContainEqual(
          expect.objectContaining({ content: expect.objectContaining({ saved: true }) }),
        );
      }),
    );
  });
});

describe("a repair by a page whose base was not kept", () => {
  const page: PageState = { session: "a", base: "" };

  test.each<[string, Remote]>([
    ["a session", held("b")],
    ["a tombstone", ended(B)],
  ])("goes over %s the second time: the page has loaded since the first", (_, hub) => {
    const [effects] = run(
      {},
      load(page, hub),
      asked(request("repair", "a", "", 2), hub),
      load(page, hub, "", 3),
      asked(request("repair", "a", "", 4), hub),
    );
    const pending = (id: number) => [
      loaded({ session: "a", base: expect.stringContaining(`${A}-`) }, { pending: true }, id),
    ];
    expect(effects).toEqual([
      pending(1),
      [answered(2, { base: "" }), CHANGED],
      pending(3),
      [{ type: "write", session: "a", older: "" }],
    ]);
  });

  test.each<[string, FrameEvent[]]>([
    ["what came after its load", [load(page, held("c")), asked(request("repair", "a", "", 2), held("b"))]],
    [
      "what came after it was refused",
      [asked(request("repair", "a", "", 1), held("c")), asked(request("repair", "a", "", 2), held("b"))],
    ],
    ["what it has not loaded", [asked(request("repair", "a", "", 2), held("b"))]],
  ])("does not go over %s", (_, events) => {
    expect(run({}, ...events)[0].at(-1)).toEqual([answered(2, { base: "" }), CHANGED]);
  });

  test("is not what a save does", () => {
    const [[, effects]] = run({}, load(page, held("b")), asked(request("save", "a", "", 2), held("b")));
    expect(effects).toEqual([answered(2, { base: "" }), CHANGED]);
  });
});

describe("while the hub writes", () => {
  const save = request("save", "a", `${A}-`, 1);

  test("nothing else is written, and what is asked for waits in its order", () => {
    const [effects, state] = run(
      {},
      asked(save, NOTHING),
      asked(request("clear", "", `${A}!`, 2), NOTHING),
      asked(request("save", "b", `${B}-${A}!`, 3), NOTHING),
      asked(request("save", "b", `${B}-${A}!`, 4), NOTHING),
    );
    expect(effects.slice(1)).toEqual([[], [], []]);
    expect(state.writing?.queue.map(({ id }) => id)).toEqual([2, 3, 4]);

    const [rest, last] = run(state, written(held("a")), written(ended(A)), written(held("b", A)));
    expect(rest).toEqual([
      [answered(1, { done: true, saved: true, base: `${A}.` }), { type: "write", session: "", older: A }],
      [answered(2, { done: true, base: `${A}!` }), { type: "write", session: "b", older: A }],
      [
        answered(3, { done: true, saved: true, base: `${B}.${A}!` }),
        // What the hub holds by then is not written again.
        answered(4, { done: true, saved: true, base: `${B}.${A}!` }),
      ],
    ]);
    expect(last).toEqual({ ...INITIAL_STATE, heard: held("b", A) });
  });

  test("of sessions that the page has saved one after another the last is written", () => {
    const waiting = run(
      writing(save),
      asked(request("save", "b", `${B}-${A}-`, 2), NOTHING),
      asked(request("save", "c", `${C}-${B}-${A}-`, 3), NOTHING),
      asked(request("save", "c", `${C}-${B}-${A}-`, 4), NOTHING),
    )[1];
    expect(run(waiting, written(held("a")), written(held("c", A)))[0]).toEqual([
      [
        answered(1, { done: true, saved: true, base: `${A}.` }),
        answered(2, { base: `${B}-${A}-` }),
        { type: "write", session: "c", older: "" },
      ],
      [
        answered(3, { done: true, saved: true, base: `${C}.${B}-${A}-` }),
        answered(4, { done: true, saved: true, base: `${C}.${B}-${A}-` }),
      ],
    ]);
  });

  test("what waits is decided by what the hub holds then, not by what it held when it was asked", () => {
    const waiting = run(writing(save), asked(request("save", "b", `${B}-`, 2), NOTHING))[1];
    // The site has not heard of "c" when it asks for that.
    expect(run(waiting, written(held("c")))[0]).toEqual([
      [
        answered(1, { base: `${A}-` }, "The browser did not keep the hub's cookie."),
        answered(2, { base: `${B}-` }),
        CHANGED,
      ],
    ]);
  });

  test("a failure does not hold up what waits", () => {
    const waiting = run(writing(save), asked(request("clear", "", `${A}!`, 2), NOTHING))[1];
    expect(run(waiting, written(NOTHING, FAILED))[0]).toEqual([
      [answered(1, { base: `${A}-` }, FAILED), { type: "write", session: "", older: A }],
    ]);
  });

  test("what waits is answered, although access has gone", () => {
    const waiting = run(
      writing(save),
      asked(request("save", "a", `${A}-`, 2), NOTHING),
      asked(request("clear", "", `${A}!`, 3), NOTHING),
    )[1];
    const [effects, state] = run(waiting, written(UNKNOWN, FAILED));
    expect(effects).toEqual([
      [
        answered(1, { base: `${A}-` }, FAILED),
        answered(2, { base: `${A}-` }),
        OFFER_SAVE,
        answered(3, { base: `${A}!` }),
      ],
    ]);
    expect([state.waiting, state.writing]).toEqual([undefined, undefined]);
  });

  test("thousands may be waiting, and all are answered, in their order", () => {
    const count = 6000;
    const ids = Array.from({ length: count }, (_, index) => index + 2);
    const queue = ids.map((id) => request("save", "a", `${A}-`, id));
    const start: FrameState = { ...INITIAL_STATE, writing: { request: save, session: "a", queue } };
    const [[effects = []], state] = run(start, written(held("a")));
    expect(effects.map((effect) => effect.type === "send" && effect.id)).toEqual([1, ...ids]);
    expect(state.writing).toBeUndefined();
  });

  test("a look is not taken: the cookie is being changed by this page", () => {
    const start = { ...writing(save), heard: held("b") };
    expect(run(start, { type: "look", evidence: held("a") })).toEqual([[[]], start]);
  });

  test("a popup is heard", () => {
    const [effects, state] = run(writing(save), { type: "popup", evidence: held("b") });
    expect([effects, state]).toEqual([[[CHANGED]], { ...writing(save), popup: held("b") }]);
  });
});

describe("unasked", () => {
  test("a late word of a write changes nothing", () => {
    for (const evidence of [UNKNOWN, NOTHING, held("a"), ended(A)]) {
      expect(run({ heard: held("b") }, written(evidence))).toEqual([[[]], { ...INITIAL_STATE, heard: held("b") }]);
      expect(run({}, written(evidence, FAILED))).toEqual([[[]], INITIAL_STATE]);
    }
  });

  test.each<[string, Remote, Remote, Effect[]]>([
    ["another session", held("a"), held("b"), [CHANGED]],
    ["a tombstone", held("a"), ended(A), [CHANGED]],
    ["a session, after a tombstone", ended(A), held("b"), [CHANGED]],
    ["that the cookie is gone", held("a"), NOTHING, [CHANGED]],
    ["the first session", NOTHING, held("a"), [CHANGED]],
    ["the same session", held("a"), held("a"), []],
    ["the same session, with another history", held("a"), held("a", B), []],
    ["a tombstone, with another history", ended(A), ended(B, A), []],
    ["nothing still", NOTHING, NOTHING, []],
    ["something, to a page that has not heard of the hub", UNKNOWN, held("a"), []],
    ["no access any more", held("a"), UNKNOWN, []],
  ])("a look finds %s", (_, heard, evidence, effects) => {
    expect(run({ heard }, { type: "look", evidence })).toEqual([[effects], { ...INITIAL_STATE, heard }]);
  });

  test("a popup's word has the page load again, and counts where the frame cannot read", () => {
    const [effects] = run({}, { type: "popup", evidence: held("a") }, load({ session: "", base: "" }, UNKNOWN));
    expect(effects).toEqual([[CHANGED], [loaded({ session: "a", base: `${A}.` })]]);
  });

  test("a popup's word asks nobody: all that can be known is known", () => {
    const [effects] = run({}, { type: "popup", evidence: NOTHING }, load({ session: "", base: "" }, UNKNOWN));
    expect(effects).toEqual([[CHANGED], [loaded({ session: "", base: "" })]]);
  });

  test("a popup's word that the chat was ended ends the page's, without access", () => {
    const [[effects]] = run({ popup: ended(A) }, load({ session: "a", base: `${A}-` }, UNKNOWN));
    expect(effects).toEqual([loaded({ session: "", base: `${A}!` })]);
  });

  test("a popup's word does not count where the frame can read", () => {
    const [[effects]] = run({ popup: held("b") }, load({ session: "", base: "" }, held("a")));
    expect(effects).toEqual([loaded({ session: "a", base: `${A}.` })]);
  });
});

describe("whatever happens", () => {
  const page = fc.record({ session: fc.oneof(session, fc.constant("")), base });
  /** As client/provider asks: the session is always in the base. */
  const known = page.map(({ session, base }) => ({
    session,
    base: session ? learn(base, digestOf(session), "-") : base,
  }));
  const event: fc.Arbitrary<FrameEvent> = fc.oneof(
    fc
      .tuple(known, remote, fc.oneof(session, fc.constant("")))
      .map(([its, evidence, brought]) => load(its, evidence, brought)),
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom("save" as const, "clear" as const, "repair" as const), known, remote)
        .filter(([type, its]) => type !== "save" || its.session !== "")
        .map(([type, its, evidence]) => asked(request(type, its.session, its.base), evidence)),
    },
    { weight: 3, arbitrary: fc.tuple(remote, fc.constantFrom(undefined, FAILED)).map((all) => written(...all)) },
    remote.map((evidence): FrameEvent => ({ type: "popup", evidence })),
    remote.map((evidence): FrameEvent => ({ type: "look", evidence })),
  );

  test("each request is answered once, in the order of its kind, and never two writes are under way", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let state = INITIAL_STATE;
        let lastId = 0;
        let underWay = 0;
        const waiting: number[] = [];
        for (const one of [...events, ...events.map(() => written(NOTHING))]) {
          const isRequest = one.type === "load" || one.type === "asked";
          const event = isRequest ? ({ ...one, request: { ...one.request, id: ++lastId } } as FrameEvent) : one;
          if (one.type === "asked") waiting.push(lastId);
          if (one.type === "written" && state.writing) underWay--;
          const [next, effects] = step(state, event);
          state = next;
          for (const effect of effects) {
            if (effect.type === "write") underWay++;
            if (effect.type !== "send") continue;
            const expected = { answered: () => waiting.shift(), loaded: () => lastId } as const;
            const { type } = effect.content;
            expect(effect.id).toBe(type === "answered" || type === "loaded" ? expected[type]() : UNASKED);
          }
          expect(underWay).toBe(state.writing ? 1 : 0);
          expect(writes(effects).length).toBeLessThanOrEqual(1);
        }
        expect([waiting, state.writing]).toEqual([[], undefined]);
      }),
    );
  });

  test("only what can be read back is said to be saved, or done", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        let state = INITIAL_STATE;
        for (const one of events) {
          const [next, effects] = step(state, one);
          const source = one.evidence.kind === "unknown" ? state.popup : one.evidence;
          state = next;
          for (const effect of effects) {
            if (effect.type !== "send" || !("saved" in effect.content)) continue;
            const { content } = effect;
            expect(content.saved && source.kind !== "session").toBe(false);
            expect(content.type === "answered" && content.done && !("history" in source)).toBe(false);
          }
        }
      }),
    );
  });

  test("what the history is to have is digests with nothing between", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), (events) => {
        for (const effect of run({}, ...events)[0].flat()) {
          const older = effect.type === "write" ? effect.older : "";
          expect(splitDigests(older).join("")).toBe(older);
        }
      }),
    );
  });
});

/**
 * A page as client/provider has it, a frame, and a hub that always writes what it is told, until all have said what they have to
 * say. Nobody else changes anything.
 */
function settle(
  page: PageState,
  hub: Remote,
  { keepsBase = true } = {},
): { page: PageState; hub: Remote; messages: number } {
  let [state, cookie] = [INITIAL_STATE, hub];
  let { session, base } = page;
  let [id, messages] = [0, 0];
  const asking: ("load" | "repair")[] = ["load"];
  const events: FrameEvent[] = [];
  while (messages < 100) {
    const next = asking.shift();
    if (next) {
      if (session && keepsBase) base = learn(base, digestOf(session), "-");
      id++;
      events.push(
        next === "load" ? load({ session, base }, cookie, "", id) : asked(request("repair", session, base, id), cookie),
      );
    }
    const event = events.shift();
    if (!event) break;
    const [after, effects] = step(state, event);
    state = after;
    for (const effect of effects) {
      messages++;
      if (effect.type === "write") {
        cookie = succeeded(cookie, effect.session, effect.older);
        events.push(written(cookie));
      }
      if (effect.type !== "send") continue;
      const { content } = effect;
      if (content.type === "changed") asking.push("load");
      if ("base" in content && keepsBase) ({ base } = content);
      if (content.type === "loaded") ({ session } = content);
      if (content.type === "loaded" && content.pending) asking.push("repair");
    }
  }
  return { page: { session, base }, hub: cookie, messages };
}

function succeeded(cookie: Remote, session: string, older: string): Remote {
  const before = cookie.kind === "session" ? cookie.digest : undefined;
  const history = "history" in cookie ? cookie.history : [];
  const then = succeed(history, before, splitDigests(older), session ? digestOf(session) : undefined);
  return session ? held(session, ...then) : ended(...then);
}

describe("page, frame and hub, left to themselves", () => {
  const start = fc.record({ session: fc.oneof(session, fc.constant("")), base });
  const readable = remote.filter(({ kind }) => kind !== "unknown");

  test("come to an end, and agree", () => {
    fc.assert(
      fc.property(start, readable, (page, hub) => {
        const end = settle(page, hub);
        expect(end.messages).toBeLessThan(10);
        const theirs = end.hub.kind === "session" ? end.hub.session : "";
        // What the hub has forgotten is saved when the page asks for it.
        expect(end.hub.kind === "nothing" || end.page.session === theirs).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("come to an end also where the browser keeps no base", () => {
    fc.assert(
      fc.property(start, readable, (page, hub) => {
        expect(settle(page, hub, { keepsBase: false }).messages).toBeLessThan(10);
      }),
      { numRuns: 1000 },
    );
  });

  test("agree with another site, too, when the visitor has been to each a few times", () => {
    const small = start.filter(({ base }) => base.length <= 24);
    fc.assert(
      fc.property(small, small, readable, (one, other, hub) => {
        let [a, b, cookie] = [one, other, hub];
        const visits: string[] = [];
        for (let visit = 0; visit < 5; visit++) {
          ({ page: a, hub: cookie } = settle(a, cookie));
          ({ page: b, hub: cookie } = settle(b, cookie));
          visits.push(JSON.stringify([a, b, cookie]));
        }
        expect(visits.at(-1)).toBe(visits.at(-2));
        expect(cookie.kind === "nothing" || a.session === b.session).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  describe("when a user's id logs in again", () => {
    const hub = succeeded(succeeded(held("a"), "", A), "a", "");

    test("keep it on another site, also on the one that has logged out", () => {
      for (const base of ["", `${A}!`, `${A}.`, `${B}.${A}!`])
        expect(settle({ session: "", base }, hub)).toMatchObject({ page: { session: "a" }, hub, messages: 1 });
    });

    test("end it once more with another logout", () => {
      const again = succeeded(hub, "", A);
      for (const base of [`${A}.`, `${A}-`, `${A}~`])
        expect(settle({ session: "a", base }, again).page).toEqual({ session: "", base: `${A}!` });
    });
  });

  test("show a chat on each host that was there beside an ended one", () => {
    const base = `${B}!${A}-`;
    const saved = settle({ session: "a", base }, NOTHING);
    expect(saved.hub).toEqual(held("a", B));
    // The hosts of a site have one base.
    expect(settle({ session: "", base: saved.page.base }, saved.hub).page.session).toBe("a");
  });

  test("take three messages where the page has the live chat and the hub another", () => {
    expect(settle({ session: "a", base: "" }, held("b"))).toEqual({
      page: { session: "a", base: `${A}.${B}.` },
      hub: held("a", B),
      messages: 3,
    });
  });

  test("come to an end where the page's live chat is the oldest of six", () => {
    const full = `${B}.${C}.${D}.${E}.${F}.${A}-`;
    expect(settle({ session: "a", base: full }, held("g")).messages).toBeLessThan(10);
  });
});
