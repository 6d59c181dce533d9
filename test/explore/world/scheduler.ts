/**
 * Decides what happens next. Everything that is under way in the world waits here as an event; whoever explores picks one.
 *
 * The default is the world at its calmest: what was sent first arrives first, visitors act once nothing is under way, and time
 * passes once nobody has anything left to do. Each other pick is a deviation.
 */

/** What may happen in place of an event, such as a request that is lost. */
export type Variant = { readonly label: string; readonly run: () => void | Promise<void> };

export type WorldEvent = {
  readonly kind: "local" | "network" | "action" | "timer";
  /** Events of one channel keep their order. */
  readonly channel: string;
  readonly label: () => string;
  readonly run: () => void | Promise<void>;
  /** Whether there is still somebody whom it reaches. */
  readonly isAlive: () => boolean;
  readonly variants?: readonly Variant[];
  /** Of timers. */
  readonly dueMs?: number;
};

/** What can be picked. */
export type Candidate = { readonly event: WorldEvent; readonly variant: Variant | undefined };

/** Picks a candidate by its index; 0 is the default. */
export type Choose = (candidates: readonly Candidate[], step: number) => number;

export type Scheduler = {
  readonly now: () => number;
  readonly step: () => number;
  /** Whether time has passed while the network had something under way: a script may have given up waiting. */
  readonly wasSlow: () => boolean;
  /** Whether a message between documents, or a cookie that a script wrote, has taken longer than scripts can be expected to wait. */
  readonly wasLate: () => boolean;
  readonly add: (event: WorldEvent) => { cancel(): void };
  /** Runs until nothing is left. */
  readonly runToRest: () => Promise<void>;
};

export type SchedulerOptions = {
  readonly startMs: number;
  readonly choose: Choose;
  readonly maxSteps: number;
  /** Told before each step; after it; and whether to go on. */
  readonly beforeStep: (label: () => string) => void;
  readonly afterStep: () => void;
  readonly isStopped: () => boolean;
  /** Told when there is more to do than `maxSteps`: the scripts keep each other busy. */
  readonly onEndless: () => void;
};

/** A timer that is due this soon is no more remarkable than a message. */
const SHORT_MS = 50;

/** Messages between documents of one browser take no longer than that: timers beyond it wait for them. The network may be slower. */
const MAX_LOCAL_DELAY_MS = 100;

/** Longer than that is late, though it happens. */
const LATE_MS = 60;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { choose, maxSteps, beforeStep, afterStep, isStopped, onEndless } = options;
  let nowMs = options.startMs;
  let queue: WorldEvent[] = [];
  let step = 0;
  let isSlow = false;
  let isLate = false;
  const localSince = new Map<WorldEvent, number>();

  function add(event: WorldEvent): { cancel(): void } {
    queue.push(event);
    if (event.kind === "local") localSince.set(event, nowMs);
    return { cancel: () => remove(event) };
  }

  function remove(event: WorldEvent): void {
    const index = queue.indexOf(event);
    if (index >= 0) queue.splice(index, 1);
    localSince.delete(event);
  }

  function candidates(): Candidate[] {
    const channels = new Set<string>();
    const now: Candidate[] = [];
    const actions: Candidate[] = [];
    const faults: Candidate[] = [];
    let timer: WorldEvent | undefined;
    let isLocalPending = false;
    queue = queue.filter(({ isAlive }) => isAlive());
    for (const event of queue) {
      if (event.kind === "timer") {
        if (!timer || dueMs(event) < dueMs(timer)) timer = event;
        continue;
      }
      if (event.kind === "local") isLocalPending = true;
      if (channels.has(event.channel)) continue;
      channels.add(event.channel);
      (event.kind === "action" ? actions : now).push({ event, variant: undefined });
      for (const variant of event.variants ?? []) faults.push({ event, variant });
    }
    if (!timer) return [...now, ...actions, ...faults];
    const timers = [{ event: timer, variant: undefined }];
    if (dueMs(timer) <= nowMs + SHORT_MS) return [...now, ...timers, ...actions, ...faults];
    if (isLocalPending && dueMs(timer) > nowMs + MAX_LOCAL_DELAY_MS) return [...now, ...actions, ...faults];
    return [...now, ...actions, ...timers, ...faults];
  }

  function passTime(untilMs: number): void {
    isSlow ||= untilMs > nowMs + SHORT_MS && queue.some(({ kind }) => kind === "network");
    nowMs = Math.max(nowMs, untilMs);
    for (const [event, sinceMs] of localSince) isLate ||= nowMs > sinceMs + LATE_MS && event.isAlive();
  }

  async function runToRest(): Promise<void> {
    while (!isStopped()) {
      const possible = candidates();
      if (possible.length === 0) return;
      if (step >= maxSteps) return onEndless();
      const chosen = possible[possible.length === 1 ? 0 : choose(possible, step)] ?? possible[0];
      step++;
      if (!chosen) return;
      const { event, variant } = chosen;
      remove(event);
      if (event.kind === "timer") passTime(dueMs(event));
      beforeStep(() => (variant ? `${event.label()}: ${variant.label}` : event.label()));
      await (variant ?? event).run();
      await settle();
      afterStep();
    }
  }

  return { now: () => nowMs, step: () => step, wasSlow: () => isSlow, wasLate: () => isLate, add, runToRest };
}

function dueMs(event: WorldEvent): number {
  return event.dueMs ?? 0;
}

/** Lets every promise that can settle do so: the microtask queue is empty before the event loop turns. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
