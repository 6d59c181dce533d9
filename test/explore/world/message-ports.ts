/** `MessageChannel`. A port keeps its messages until somebody listens, also while it is on its way to another document. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import { cloneMessage } from "./clone.ts";
import { EventTargetDouble } from "./events.ts";

/** One end of a channel, whichever document has it. */
type End = {
  readonly id: number;
  readonly browser: Browser;
  other: End | undefined;
  /** `undefined` while it is being transferred. */
  owner: SimulatedDocument | undefined;
  port: MessagePortDouble | undefined;
  isStarted: boolean;
  isClosed: boolean;
  waiting: unknown[];
};

export class MessagePortDouble extends EventTargetDouble {
  readonly #end: End;
  #onmessage: unknown = null;

  constructor(end: End) {
    super();
    this.#end = end;
    end.port = this;
  }

  get onmessage(): unknown {
    return this.#onmessage;
  }

  set onmessage(listener: unknown) {
    this.#onmessage = listener;
    this.start();
  }

  start(): void {
    const end = this.#end;
    end.isStarted = true;
    const waiting = end.waiting;
    end.waiting = [];
    for (const data of waiting) schedule(end, data);
  }

  postMessage(data: unknown): void {
    const { other } = this.#end;
    if (this.#end.isClosed || !other || other.isClosed) return;
    const cloned = cloneMessage(data);
    if (other.isStarted) schedule(other, cloned);
    else other.waiting.push(cloned);
  }

  close(): void {
    this.#end.isClosed = true;
  }

  /** Takes the port out of its document's hands. @returns what the receiving document is to be given it by */
  detach(): (owner: SimulatedDocument) => MessagePortDouble {
    const end = this.#end;
    end.owner = undefined;
    end.isStarted = false;
    return (owner) => {
      end.owner = owner;
      return new MessagePortDouble(end);
    };
  }
}

export function createMessageChannel(browser: Browser, owner: SimulatedDocument) {
  const [one, other] = [createEnd(browser, owner), createEnd(browser, owner)];
  one.other = other;
  other.other = one;
  return { port1: new MessagePortDouble(one), port2: new MessagePortDouble(other) };
}

function createEnd(browser: Browser, owner: SimulatedDocument): End {
  return {
    id: browser.nextId(),
    browser,
    other: undefined,
    owner,
    port: undefined,
    isStarted: false,
    isClosed: false,
    waiting: [],
  };
}

function schedule(end: End, data: unknown): void {
  const { browser } = end;
  browser.scheduler.add({
    kind: "local",
    channel: `port ${end.id}`,
    label: () => `a port message reaches ${end.owner ? labelOf(end.owner) : "nobody"}: ${browser.describe(data)}`,
    isAlive: () => end.owner?.isAlive === true && !end.isClosed,
    run() {
      if (end.owner) browser.observer.onMessage(end.owner, data, "port");
      end.port?.dispatchEvent({ type: "message", data, ports: [], source: null, origin: "" } as { type: string });
    },
  });
}
