import type { Client } from "../http-client.ts";

/** How long Durable Objects are restarted, and how long they are left alone after that. */
const RESTARTS_MS = 300;
const CALM_MS = 2700;

/** An answer may still tell of a restart that was over when its request came: the object was only then found to be gone. */
const AFTERMATH_MS = 1000;

export type Borne = {
  readonly kvReads: number;
  readonly kvFailures: number;
  readonly restartsBefore: number;
  readonly restartsAfter: number;
};

export type BadDay = {
  /** Whether Durable Objects were restarted at some time of a request, or just before it. */
  hadRestarts(fromMs: number, toMs: number): boolean;
  /** Waits until objects are left alone. */
  calm(): Promise<void>;
  /** Leaves the objects alone for good, and tells what the hub has had to bear. */
  end(): Promise<Borne>;
};

/** Restarts the hub's Durable Objects every few seconds (worker/flaky-hub.ts does it). */
export function beginBadDay(client: Client): BadDay {
  const times: { fromMs: number; toMs: number }[] = [];
  const ended = new AbortController();
  let calm = Promise.resolve();

  async function tell(restarting: boolean): Promise<Borne> {
    const { text } = await client.ask({ path: `/~bad-day?restarting=${restarting}` });
    return JSON.parse(text) as Borne;
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      await pause(CALM_MS, ended.signal);
      if (ended.signal.aborted) return;
      const time = { fromMs: Date.now(), toMs: Infinity };
      times.push(time);
      calm = restart();
      await calm;
      time.toMs = Date.now();
    }
  }

  async function restart(): Promise<void> {
    await tell(true);
    await pause(RESTARTS_MS, ended.signal);
    await tell(false);
  }

  const running = run();
  return {
    hadRestarts: (fromMs, toMs) => times.some((time) => time.fromMs <= toMs && fromMs <= time.toMs + AFTERMATH_MS),
    calm: () => calm,
    async end() {
      ended.abort();
      await running;
      return tell(false);
    },
  };
}

/** Shorter when it is called off. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
