import type { Figures } from "../figures.ts";
import { createClient } from "../http-client.ts";
import { createLogLedger } from "../log-ledger.ts";
import { createPromises } from "../promises.ts";
import { createRandom } from "../random.ts";
import { type LogLine, startHub } from "../start-hub.ts";
import { beginBadDay, pause } from "./bad-day.ts";
import { watchMemory } from "./flat-memory.ts";
import { createSoak } from "./soak.ts";
import { type Tenant, changeDocument, createTenants } from "./tenants.ts";
import { visit } from "./visitors.ts";

export type SoakOptions = {
  readonly seed: number;
  readonly durationMs: number;
  /** Default 2000. */
  readonly tenants?: number;
  /** Visitors who ask at the same time. Default 24. */
  readonly visitors?: number;
  /** How late a link's code is redeemed on a slow page. Default 12,000: workerd forgets objects that have nothing to do for 10 s. */
  readonly slowPageMs?: number;
};

const CHANGE_EVERY_MS = 50;
const LOG_PATIENCE_MS = 10_000;

/** Sessions and the codes are long and random; the name of the cookie is looked for as logs would have it. */
const SECRET = /session-[\da-f-]{10}|"chat"|\/session\/|carryover=/;

/** Visitors at the hub on a bad day: its promises hold, or are among `broken`. */
export async function runSoak({
  seed,
  durationMs,
  tenants: tenantCount = 2000,
  visitors = 24,
  slowPageMs = 12_000,
}: SoakOptions): Promise<Figures> {
  const promises = createPromises();
  const ledger = createLogLedger(promises, SECRET);
  const onLine = (line: LogLine) => ledger.line(line);
  const hub = await startHub("flaky-hub.ts", onLine);
  const client = createClient(hub.port);
  try {
    const tenants = (await createTenants(hub, tenantCount)) as [Tenant, ...Tenant[]];
    const startMs = Date.now();
    const badDay = beginBadDay(client);
    const endMs = startMs + durationMs;
    const soak = createSoak({ hub, client, ledger, promises, badDay, tenants, endMs, slowPageMs });
    const memory = watchMemory(hub.inspectorUrl, durationMs);

    await Promise.all([
      ...Array.from({ length: visitors }, (_, number) => visit(soak, createRandom(seed + number))),
      changeDocuments(),
    ]);
    const seconds = (Date.now() - startMs) / 1000;
    const memoryFigures = await memory.end(promises);
    await soak.finish();
    const borne = await badDay.end();
    const patienceEndsMs = Date.now() + LOG_PATIENCE_MS;
    while (ledger.isWaiting() && Date.now() < patienceEndsMs) await pause(50);
    ledger.settle();

    const kvLines = ledger.count("stale") + ledger.count("failed: KV");
    if (kvLines !== borne.kvFailures) {
      promises.broken("each failure of KV is in the log", `${borne.kvFailures} failures, ${kvLines} lines`);
    }
    const counts = Object.fromEntries([...soak.counts].toSorted(([one], [other]) => one.localeCompare(other)));
    return {
      counts: {
        ...counts,
        "reads of KV": borne.kvReads,
        "reads of KV that failed": borne.kvFailures,
        "answers from an old copy": ledger.count("stale"),
        "objects restarted before they did what was asked": borne.restartsBefore,
        "objects restarted after, the answer lost": borne.restartsAfter,
      },
      notes: [["requests a second", ((soak.counts.get("requests") ?? 0) / seconds).toFixed(0)], ...memoryFigures],
      broken: promises.drain(),
    };

    async function changeDocuments(): Promise<void> {
      const random = createRandom(seed - 1);
      while (!soak.isOver()) {
        await changeDocument(hub, soak.tenantFor(random));
        await pause(CHANGE_EVERY_MS);
      }
    }
  } finally {
    client.close();
    await hub.close();
  }
}
