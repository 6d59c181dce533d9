import type { BiDi } from "./bidi.ts";
import { type RemoteValue, valueOf } from "./bidi-values.ts";
import { type FrameInfo, FrameList } from "./frame-list.ts";
import type { FramesToPointInto, Point } from "./pointing.ts";
import { throughFrameElement } from "./pointing.ts";
import { within } from "./poll.ts";

type Evaluated = { type: "success"; result: RemoteValue } | { type: "exception"; exceptionDetails: { text: string } };

const EVAL_TIMEOUT_MS = 10_000;

/** Knows Firefox's tabs and frames, and runs scripts in them without user activation. */
export class Contexts implements FramesToPointInto {
  readonly #bidi: BiDi;
  readonly #list = new FrameList();

  constructor(bidi: BiDi, on: { opened: (id: string) => void; closed: (id: string) => void }) {
    this.#bidi = bidi;
    bidi.on("browsingContext.contextCreated", ({ context, parent, url }) => {
      this.#list.note({ id: context, parentId: parent ?? undefined, url });
      if (parent == null) on.opened(context);
    });
    bidi.on("browsingContext.contextDestroyed", ({ context, parent }) => {
      this.#list.forget(context);
      if (parent == null) on.closed(context);
    });
    for (const event of [
      "browsingContext.navigationCommitted",
      "browsingContext.fragmentNavigated",
      "browsingContext.historyUpdated",
      "browsingContext.domContentLoaded",
      "browsingContext.load",
    ] as const) {
      bidi.on(event, ({ context, url }) => this.noteUrl(context, url));
    }
  }

  url(id: string): string {
    return this.#list.url(id);
  }

  noteUrl(id: string, url: string): void {
    if (this.#list.has(id)) this.#list.note({ id, parentId: this.parentOf(id), url });
  }

  parentOf(id: string): string | undefined {
    return this.#list.parentOf(id);
  }

  topOf(id: string): string {
    return this.#list.topOf(id);
  }

  below(id: string): FrameInfo[] {
    return this.#list.below(id);
  }

  async evaluate<T>(id: string, expression: string): Promise<T> {
    return this.#settle<T>(
      this.#bidi.send<Evaluated>("script.evaluate", {
        expression,
        target: { context: id },
        awaitPromise: true,
        resultOwnership: "none",
        userActivation: false,
        serializationOptions: { maxDomDepth: 0 },
      }),
      expression,
    );
  }

  async throughFrameElement(id: string, parentId: string, point: Point): Promise<Point> {
    const { nodes } = await this.#bidi.send<{ nodes: object[] }>("browsingContext.locateNodes", {
      context: parentId,
      locator: { type: "context", value: { context: id } },
    });
    return this.#settle<Point>(
      this.#bidi.send<Evaluated>("script.callFunction", {
        functionDeclaration: throughFrameElement.toString(),
        arguments: [
          nodes[0],
          {
            type: "object",
            value: [
              ["x", { type: "number", value: point.x }],
              ["y", { type: "number", value: point.y }],
            ],
          },
        ],
        target: { context: parentId },
        awaitPromise: false,
        userActivation: false,
      }),
      "the place of a frame",
    );
  }

  async #settle<T>(evaluated: Promise<Evaluated>, expression: string): Promise<T> {
    const answer = await within(evaluated, {
      timeoutMs: EVAL_TIMEOUT_MS,
      what: `the value of ${expression.slice(0, 200)}`,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return valueOf(answer.result) as T;
  }
}
