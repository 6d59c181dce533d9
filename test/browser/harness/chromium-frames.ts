import type { CDPSession } from "puppeteer-core";
import { type FrameInfo, FrameList } from "./frame-list.ts";
import { poll, within } from "./poll.ts";

interface Context {
  session: CDPSession;
  uniqueId: string;
}

const EVAL_TIMEOUT_MS = 10_000;

/**
 * Knows the frames of one page and where scripts run in them. A cross-site frame is a process of its own with a session of
 * its own; its frame id is the id of its target. Each session is made to wait at its start until `onSession` has set it up.
 */
export class FrameTree {
  readonly #frames = new FrameList();
  readonly #contexts = new Map<string, Context>();
  readonly #loadWaiters = new Set<{
    frameId: string;
    not: string | undefined;
    resolve: () => void;
  }>();
  readonly #loaders = new Map<string, string>();
  readonly #onSession: (session: CDPSession) => Promise<void>;

  constructor(onSession: (session: CDPSession) => Promise<void>) {
    this.#onSession = onSession;
  }

  async adopt(session: CDPSession): Promise<void> {
    session.on("Page.frameAttached", ({ frameId, parentFrameId }) =>
      this.#frames.note({ id: frameId, parentId: parentFrameId, url: this.url(frameId) }),
    );
    session.on("Page.frameNavigated", ({ frame }) => {
      // The old document's frames go with it; those in other processes do not say so.
      for (const { id } of this.below(frame.id)) this.#forget(id);
      this.#frames.note({
        id: frame.id,
        parentId: frame.parentId ?? this.#frames.parentOf(frame.id),
        url: frame.url + (frame.urlFragment ?? ""),
      });
      this.#loaders.set(frame.id, frame.loaderId);
    });
    session.on("Page.navigatedWithinDocument", ({ frameId, url }) =>
      this.#frames.note({ id: frameId, parentId: this.#frames.parentOf(frameId), url }),
    );
    session.on("Page.frameDetached", ({ frameId, reason }) => {
      // "swap": the frame goes on in another process.
      if (reason === "remove") this.#forget(frameId);
    });
    session.on("Page.lifecycleEvent", ({ name, frameId, loaderId }) => {
      if (name === "load") this.#loaded(frameId, loaderId);
    });
    session.on("Runtime.executionContextCreated", ({ context }) => {
      const { frameId, isDefault } = context.auxData as { frameId?: string; isDefault?: boolean };
      if (frameId !== undefined && isDefault === true)
        this.#contexts.set(frameId, { session, uniqueId: context.uniqueId });
    });
    session.on("Runtime.executionContextDestroyed", ({ executionContextUniqueId }) =>
      this.#dropContexts((context) => context.uniqueId === executionContextUniqueId),
    );
    session.on("Runtime.executionContextsCleared", () => this.#dropContexts((context) => context.session === session));
    session.on("Target.detachedFromTarget", ({ sessionId }) =>
      this.#dropContexts((context) => context.session.id() === sessionId),
    );
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      const child = session.connection()?.session(sessionId);
      if (child == null) return;
      if (!this.#frames.has(targetInfo.targetId))
        this.#frames.note({ id: targetInfo.targetId, parentId: targetInfo.parentFrameId, url: "" });
      // It may be gone before it is set up.
      this.adopt(child).catch(() => undefined);
    });

    await Promise.all([
      session.send("Page.enable"),
      session.send("Page.setLifecycleEventsEnabled", { enabled: true }),
      session.send("Runtime.enable"),
      session.send("Target.setAutoAttach", {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
        filter: [{ type: "iframe" }],
      }),
      this.#onSession(session),
      session.send("Page.getFrameTree").then(({ frameTree: { frame } }) => {
        if (this.url(frame.id) === "")
          this.#frames.note({ id: frame.id, parentId: frame.parentId ?? this.parentOf(frame.id), url: frame.url });
      }),
      session.send("Runtime.runIfWaitingForDebugger"),
    ]);
  }

  url(frameId: string): string {
    return this.#frames.url(frameId);
  }

  parentOf(frameId: string): string | undefined {
    return this.#frames.parentOf(frameId);
  }

  /** Every frame inside a frame, oldest first. */
  below(frameId: string): FrameInfo[] {
    return this.#frames.below(frameId);
  }

  /** The session in which a frame's documents run now. */
  async contextOf(frameId: string): Promise<Context> {
    return poll(() => this.#contexts.get(frameId), {
      what: `a document in ${this.url(frameId) || "the frame"}`,
    });
  }

  /** Runs a script without a user gesture. */
  async evaluate<T>(frameId: string, expression: string): Promise<T> {
    const { session, uniqueId } = await this.contextOf(frameId);
    const { result, exceptionDetails } = await within(
      session.send("Runtime.evaluate", {
        expression,
        uniqueContextId: uniqueId,
        awaitPromise: true,
        returnByValue: true,
        userGesture: false,
      }),
      { timeoutMs: EVAL_TIMEOUT_MS, what: `the value of ${expression.slice(0, 200)}` },
    );
    if (exceptionDetails !== undefined) {
      const thrown = exceptionDetails.exception;
      throw new Error(
        thrown?.description ?? (thrown?.value === undefined ? exceptionDetails.text : String(thrown.value)),
      );
    }
    return result.value as T;
  }

  /** The next `load` event of a document that is not the present one; a redirect by script on the way does no harm. */
  nextLoad(frameId: string): { promise: Promise<void>; forget: () => void } {
    const waiter = { frameId, not: this.#loaders.get(frameId), resolve: () => {} };
    const promise = new Promise<void>((resolve) => (waiter.resolve = resolve));
    this.#loadWaiters.add(waiter);
    return { promise, forget: () => this.#loadWaiters.delete(waiter) };
  }

  #loaded(frameId: string, loaderId: string): void {
    for (const waiter of this.#loadWaiters) {
      if (waiter.frameId === frameId && waiter.not !== loaderId) waiter.resolve();
    }
  }

  #forget(frameId: string): void {
    this.#frames.forget(frameId);
    this.#contexts.delete(frameId);
  }

  #dropContexts(which: (context: Context) => boolean): void {
    for (const [frameId, context] of this.#contexts) if (which(context)) this.#contexts.delete(frameId);
  }
}
