import type { Answer, Asked, Client } from "../http-client.ts";
import type { LogLedger } from "../log-ledger.ts";
import type { Promises } from "../promises.ts";
import type { Random } from "../random.ts";
import type { Hub } from "../start-hub.ts";
import type { BadDay } from "./bad-day.ts";
import type { Tenant } from "./tenants.ts";

/** Each code leaves some 40 KB of simulated storage behind until the end, and a quick machine would fill its disk. */
const MAX_CODES_PER_SECOND = 50;

/** Visitors have an address of their own each, and come back: rate limits count by it. */
const ADDRESSES = 2 ** 15;

const KV_FAILURE = "This hub cannot read its settings just now: try again shortly.";
const HANDOFF_FAILURE = "The hub cannot hand over sessions just now.";

/** What all visitors have in common: the hub, and the books that are kept of it. */
export type Soak = {
  readonly hub: Hub;
  /** How late a link's code is redeemed on a slow page. */
  readonly slowPageMs: number;
  isOver(): boolean;
  tenantFor(random: Random): Tenant;
  /** Whether there is room for another code. */
  mayMint(): boolean;
  /**
   * Asks the hub and judges whether it may fail as it does.
   *
   * @param tenant whose document the hub needs; `undefined` where it may have none
   * @returns `undefined` for a documented failure
   */
  ask(doing: string, tenant: Tenant | undefined, asked: Asked): Promise<(Answer & { request: string }) | undefined>;
  /** Waits until Durable Objects are left alone. */
  calm(): Promise<void>;
  /** Something that goes on while the visitor does other things, and that the end waits for. */
  later(doing: Promise<void>): void;
  count(what: string): void;
  broken(promise: string, detail: string): void;
  /** A page by an old document: allowed if the log says that KV has failed. */
  oldPage(request: string, detail: string): void;
};

export type SoakBooks = Soak & {
  readonly counts: ReadonlyMap<string, number>;
  /** Waits for what goes on, and judges what could not be judged before. */
  finish(): Promise<void>;
};

type Parts = {
  readonly hub: Hub;
  readonly client: Client;
  readonly ledger: LogLedger;
  readonly promises: Promises;
  readonly badDay: BadDay;
  readonly tenants: readonly [Tenant, ...Tenant[]];
  readonly endMs: number;
  readonly slowPageMs: number;
};

export function createSoak({ hub, client, ledger, promises, badDay, tenants, endMs, slowPageMs }: Parts): SoakBooks {
  const counts = new Map<string, number>();
  const goingOn = new Set<Promise<void>>();
  const oldPages = new Map<string, string>();
  const startMs = Date.now();
  let requests = 0;

  function count(what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }

  const ask: Soak["ask"] = async (doing, tenant, asked) => {
    const request = `soak-${++requests}`;
    const address = requests % ADDRESSES;
    const askedMs = Date.now();
    const headers = [
      ["CF-Ray", request],
      ["CF-Connecting-IP", `10.1.${address >> 8}.${address & 255}`],
      ...(asked.headers ?? []),
    ] as const;
    const answer = await client.ask({ ...asked, headers }).catch((error: unknown) => {
      promises.broken("every request is answered", `${doing}: ${String(error)}`);
    });
    if (!answer) return undefined;
    ledger.answered(request, answer.status);
    count("requests");
    count(`${doing}: ${answer.status}`);
    if (answer.status < 500) {
      // Some refusals come before the tenant is looked for.
      if (tenant && answer.status < 400) tenant.readMs = Math.min(tenant.readMs, Date.now());
      return { ...answer, request };
    }
    judgeFailure(answer, tenant, doing, askedMs);
    return undefined;
  };

  function judgeFailure({ status, text, headers }: Answer, tenant: Tenant | undefined, doing: string, askedMs: number) {
    const what = `${doing}: ${status} ${text}`;
    const isDocumented = status === 503 && (text === KV_FAILURE || text === HANDOFF_FAILURE);
    if (!isDocumented) return promises.broken("no 5xx but documented ones", what);
    if (headers["retry-after"] !== "30") promises.broken("a 503 says when to come again", what);
    if (text === KV_FAILURE) {
      count("503 for want of a copy");
      if (tenant && tenant.readMs < askedMs) promises.broken("with a copy in memory KV's failures are borne", what);
    } else {
      count("503 by restarts");
      if (!badDay.hadRestarts(askedMs, Date.now())) promises.broken("handoffs fail around restarts only", what);
    }
  }

  return {
    hub,
    slowPageMs,
    counts,
    count,
    ask,
    isOver: () => Date.now() >= endMs,
    tenantFor: (random) => tenants[random.below(tenants.length)] ?? tenants[0],
    mayMint: () => (counts.get("codes") ?? 0) < ((Date.now() - startMs) / 1000) * MAX_CODES_PER_SECOND,
    calm: badDay.calm,
    broken: promises.broken,
    oldPage: (request, detail) => void oldPages.set(request, detail),
    later(doing) {
      const done = doing.finally(() => goingOn.delete(done));
      goingOn.add(done);
    },
    async finish() {
      await Promise.all(goingOn);
      for (const [request, detail] of oldPages) {
        if (ledger.isStale(request)) count("old pages while KV failed");
        else promises.broken("a page is by the document of the last 30 seconds", detail);
      }
    },
  };
}
