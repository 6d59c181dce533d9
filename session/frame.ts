/**
 * What the hub's iframe does for one page: a state, events, and the effects that follow. Nothing here waits, reads or writes; that is
 * the part of client/iframe/answer-page.ts, which gathers the evidence for each event and runs the effects in their order.
 */
import { type Digest, digestOf } from "../protocol/digest.ts";
import { type FrameContent, type PageRequest, type PageState, UNASKED } from "../protocol/messages.ts";
import { canAdopt } from "./adopt.ts";
import { ENDED, LINKED, SHARED, fateOf, learn, olderThan, revive } from "./base.ts";
import { type Remote, reconcile, subjectOf } from "./reconcile.ts";

export type LoadRequest = PageRequest & { readonly type: "load" };

/** What the hub is to be told, as the page asks for it. */
export type WriteRequest = PageRequest & { readonly type: "save" | "clear" | "repair" };

/** One write at a time, in the page's order: a session must not overtake the tombstone that follows it. */
export type Writing = {
  readonly request: WriteRequest;
  /** `""` leaves a tombstone. */
  readonly session: string;
  /** What the page has asked for since. */
  readonly queue: readonly WriteRequest[];
};

export type FrameState = {
  /** The hub cookie as the page last heard of it. */
  readonly heard: Remote;
  /** Over what its last repair was refused, as something that its site had not heard of. */
  readonly refused: Remote;
  /** The same as a popup handed it over, for a frame that cannot read it. */
  readonly popup: Remote;
  /** What the page has, if the hub lacks its session and cannot be told: a popup may take it along. */
  readonly waiting: PageState | undefined;
  /** `undefined` while nothing is written. */
  readonly writing: Writing | undefined;
};

export type FrameEvent = { readonly evidence: Remote } & (
  | {
      readonly type: "load";
      readonly request: LoadRequest;
      /** The session that a link has brought; `""` with none. */
      readonly brought: string;
    }
  | { readonly type: "asked"; readonly request: WriteRequest }
  /** The hub has answered, or failed to, and its cookie has been read again. */
  | { readonly type: "written"; readonly failure: string | undefined }
  /** A popup has handed over what the hub's first-party cookie says. */
  | { readonly type: "popup" }
  /** The hub cookie may have been changed by another page. */
  | { readonly type: "look" }
);

export type Effect =
  /** @see FrameContent. `failure`: why it could not be done. */
  | {
      readonly type: "send";
      readonly id: number;
      readonly content: FrameContent;
      readonly failure?: string | undefined;
    }
  /** Have the hub write, and come back with `written`. `session`: `""` leaves a tombstone; `older`: for its history. */
  | { readonly type: "write"; readonly session: string; readonly older: string }
  /** Ask the visitor for access: a session is waiting to be saved, or may be there to continue. */
  | { readonly type: "offer"; readonly purpose: "save" | "continue" }
  /** The session that a link brought is the page's now. */
  | { readonly type: "adopted" };

export type Step = readonly [FrameState, readonly Effect[]];

export const INITIAL_STATE: FrameState = {
  heard: { kind: "unknown" },
  refused: { kind: "unknown" },
  popup: { kind: "unknown" },
  waiting: undefined,
  writing: undefined,
};

const NOT_KEPT = "The browser did not keep the hub's cookie.";

const CHANGED: Effect = { type: "send", id: UNASKED, content: { type: "changed" } };

export function step(state: FrameState, event: FrameEvent): Step {
  const { writing } = state;
  switch (event.type) {
    case "load":
      return load(state, event);
    case "asked":
      return ask(state, event);
    case "written":
      return writing ? finish(state, writing, event) : [state, []];
    case "popup":
      return [{ ...state, popup: event.evidence }, [CHANGED]];
    case "look":
      return [state, writing ? [] : changes(state, event.evidence)];
  }
}

function load(state: FrameState, { request, brought, evidence }: FrameEvent & { readonly type: "load" }): Step {
  const hasAccess = evidence.kind !== "unknown";
  const remote = hasAccess ? evidence : state.popup;
  const known = request.base;
  const own = digestIfAny(request.session);
  const linked = digestIfAny(brought);
  const isAdopted = linked !== undefined && canAdopt(own, known, remote, linked);
  const local = isAdopted ? brought : request.session;
  const digest = isAdopted ? linked : own;
  const before = isAdopted ? learn(known, linked, LINKED) : known;
  const { winner, base, isPending } = reconcile(digest, before, remote);
  const session = winner === "local" ? local : winner === "remote" && remote.kind === "session" ? remote.session : "";
  const waiting = hasAccess || !isPending ? undefined : { session, base };
  // The hub has turned out to have it.
  const becomesShared = digest !== undefined && fateOf(known, digest) !== SHARED && fateOf(base, digest) === SHARED;
  const saved = winner === "local" && becomesShared;
  const content: FrameContent = {
    type: "loaded",
    session,
    base,
    saved,
    pending: hasAccess && isPending,
  };
  const effects: readonly Effect[] = [
    ...(isAdopted ? [{ type: "adopted" } as const] : []),
    { type: "send", id: request.id, content },
    ...(remote.kind === "unknown" && !waiting ? [{ type: "offer", purpose: "continue" } as const] : []),
  ];
  return [{ ...state, heard: evidence, waiting }, effects];
}

function ask(state: FrameState, { request, evidence }: FrameEvent & { readonly type: "asked" }): Step {
  const { writing } = state;
  if (!writing) return work(state, [request], evidence, []);
  return [{ ...state, writing: { ...writing, queue: [...writing.queue, request] } }, []];
}

/** Does what is next, as far as nothing has to be written for it. */
function work(
  before: FrameState,
  requests: readonly WriteRequest[],
  evidence: Remote,
  effects: readonly Effect[],
): Step {
  let state = before;
  const done = [...effects];
  for (const [index, request] of requests.entries()) {
    const next = requests[index + 1];
    // The page has saved another one since. If that has ended by now, this one would look like a chat of its own.
    const isOutdated = request.type === "save" && next?.type === "save" && request.session !== next.session;
    const verdict = isOutdated
      ? { change: {}, effects: [answer(request, "", false)] }
      : decide(state, request, evidence);
    if ("write" in verdict) {
      const session = verdict.write;
      const writing: Writing = { request, session, queue: requests.slice(index + 1) };
      const older = olderThan(request.base, digestIfAny(session));
      return [{ ...state, writing }, [...done, { type: "write", session, older }]];
    }
    state = Object.assign({}, state, verdict.change);
    done.push(...verdict.effects);
  }
  return [{ ...state, writing: undefined }, done];
}

type Verdict =
  /** `""` for a tombstone. */
  { readonly write: string } | { readonly change: Partial<FrameState>; readonly effects: readonly Effect[] };

/** What becomes of a request whose turn it is. */
function decide(state: FrameState, request: WriteRequest, evidence: Remote): Verdict {
  const session = request.type === "clear" ? "" : request.session;
  const digest = digestOf(session);
  const fate = fateOf(request.base, digest);
  if (evidence.kind === "unknown") {
    // A popup has just done it.
    const isDone = sessionOf(state.popup) === session;
    const waiting = isDone || !session || fate === SHARED ? undefined : { session, base: request.base };
    const offers: readonly Effect[] = waiting ? [{ type: "offer", purpose: "save" }] : [];
    return { change: { waiting }, effects: [answer(request, session, isDone), ...offers] };
  }
  if (request.type === "clear") return { write: "" };
  if (session && sessionOf(evidence) === session && (request.type === "save" || fate !== ENDED)) {
    return { change: { heard: evidence }, effects: [answer(request, session, true)] };
  }
  // The hub has had it since the page asked.
  const base = session && sessionOf(state.heard) === session ? learn(request.base, digest, SHARED) : request.base;
  const { winner, isPending } = reconcile(digestIfAny(session), base, evidence);
  const subject = subjectOf(evidence);
  // By the second time it has: the page has loaded since. Not every browser keeps the site's base.
  const isRepair = request.type === "repair";
  const hasHeard = isRepair && sessionOf(state.refused) === sessionOf(evidence);
  // Of that the site had not heard when the page asked: another tab may have gone on with the same chat.
  const isUnheard = !hasHeard && subject !== undefined && fateOf(base, subject) === undefined;
  // What the page has ended, and knows that, it may begin again: there are chats with names that last.
  const isBegunAgain = request.type === "save" && fate === ENDED;
  if (!isUnheard && ((winner === "local" && fate !== ENDED) || isBegunAgain)) return { write: session };
  if (!isUnheard && isPending) return { write: "" };
  // The hub has moved on: the page is to hear of that instead.
  return { change: isRepair ? { refused: evidence } : {}, effects: [answer(request, session, false), CHANGED] };
}

function finish(
  state: FrameState,
  { request, session, queue }: Writing,
  { evidence, failure }: FrameEvent & { readonly type: "written" },
): Step {
  // Only what can be read back is kept: browsers drop cookies silently.
  const isDone = failure === undefined && sessionOf(evidence) === session;
  const why = isDone ? undefined : (failure ?? NOT_KEPT);
  const effects = [answer(request, session, isDone, why), ...(isDone ? [] : changes(state, evidence))];
  return work(isDone ? { ...state, heard: evidence } : state, queue, evidence, effects);
}

/** Tells the page what it has not heard of yet. */
function changes({ heard }: FrameState, evidence: Remote): readonly Effect[] {
  const isNews = sessionOf(heard) !== sessionOf(evidence);
  return isNews && heard.kind !== "unknown" && evidence.kind !== "unknown" ? [CHANGED] : [];
}

/** @param session that was written, or was to be; `""` for the tombstone */
function answer({ id, base }: WriteRequest, session: string, done: boolean, failure?: string): Effect {
  const saved = done && session !== "";
  const known = saved ? revive(base, digestOf(session), SHARED) : base;
  return { type: "send", id, content: { type: "answered", done, saved, base: known, code: "" }, failure };
}

/** What the hub cookie holds; `""` for a tombstone, `undefined` where there is neither. */
function sessionOf(evidence: Remote): string | undefined {
  return evidence.kind === "session" ? evidence.session : evidence.kind === "tombstone" ? "" : undefined;
}

function digestIfAny(session: string): Digest | undefined {
  return session ? digestOf(session) : undefined;
}
