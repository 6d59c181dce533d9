import type { LogLine } from "./start-hub.ts";
import type { Promises } from "./promises.ts";

/** What the hub writes of a request (worker/log.ts), and nothing else. */
const FIELDS = "event,reason,request,status,tenant";

const ONE_LINE = "every refusal has its one line in the log, and only refusals have";

export type LogLedger = {
  /** For what comes from workerd's console. */
  line(line: LogLine): void;
  /** For each answer; refusals are looked for in the log. */
  answered(request: string, status: number): void;
  /** Lines so far, by their event; of failures of KV also `failed: KV`. */
  count(event: string): number;
  /** Whether the request was served from an old copy, and the log says so. */
  isStale(request: string): boolean;
  /** Whether lines are still awaited. */
  isWaiting(): boolean;
  /** At the end: what has found no partner breaks a promise. */
  settle(): void;
};

/**
 * Holds the hub's answers against its log, by the requests' ids.
 *
 * @param secret what must not be in the log: sessions, cookie names, codes
 */
export function createLogLedger(promises: Promises, secret: RegExp): LogLedger {
  const counts = new Map<string, number>();
  const awaited = new Map<string, number>();
  const unclaimed = new Map<string, number>();
  const stale = new Set<string>();

  function add(event: string): void {
    counts.set(event, (counts.get(event) ?? 0) + 1);
  }

  return {
    line({ level, message }) {
      const entry = level === "log" ? parse(message) : undefined;
      if (!entry) return promises.broken("nothing is on the console but the hub's own lines", `${level}: ${message}`);
      if (secret.test(message)) promises.broken("the log tells no session, cookie name or code", message);
      add(entry.event);
      if (entry.event === "stale") return void stale.add(entry.request);
      if (entry.reason.startsWith("KV failed")) add("failed: KV");
      if (awaited.get(entry.request) === entry.status) awaited.delete(entry.request);
      else if (unclaimed.has(entry.request)) promises.broken(ONE_LINE, `twice: ${message}`);
      else unclaimed.set(entry.request, entry.status);
    },
    answered(request, status) {
      if (status < 400) return;
      if (unclaimed.get(request) === status) unclaimed.delete(request);
      else awaited.set(request, status);
    },
    count: (event) => counts.get(event) ?? 0,
    isStale: (request) => stale.has(request),
    isWaiting: () => awaited.size + unclaimed.size > 0,
    settle() {
      for (const [request, status] of awaited) promises.broken(ONE_LINE, `${request}: ${status}, no line`);
      for (const [request, status] of unclaimed) promises.broken(ONE_LINE, `${request}: a line of ${status}`);
      awaited.clear();
      unclaimed.clear();
    },
  };
}

type Entry = {
  readonly event: string;
  readonly reason: string;
  readonly request: string;
  readonly status: number;
};

function parse(message: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(message);
    return Object.keys(Object(entry)).toSorted().join() === FIELDS ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
