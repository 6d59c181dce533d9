import type { Figures } from "../figures.ts";
import { createClient } from "../http-client.ts";
import { createPromises } from "../promises.ts";
import { type LogLine, startHub } from "../start-hub.ts";
import { fuzzDocuments } from "./fuzz-documents.ts";
import { fuzzMessages } from "./fuzz-messages.ts";
import { createRequestFuzz } from "./fuzz-requests.ts";
import type { FuzzTime } from "./property.ts";
import { TENANTS } from "./tenants.ts";

/** What the time is divided into. */
const SHARES = { requests: 0.6, documents: 0.3, messages: 0.1 };

/** Requests and documents at the built Worker, and messages at the guards: whatever comes, it is answered as documented. */
export async function runFuzz({ seed, durationMs }: FuzzTime): Promise<Figures> {
  const promises = createPromises();
  const counts = new Map<string, number>();
  const count = (what: string, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by);
  const part = (share: number) => ({ seed, durationMs: durationMs * share });

  await withHub(async (hub, client, listen) => {
    for (const [id, document] of Object.entries(TENANTS)) await hub.putTenant(id, JSON.stringify(document));
    const requests = createRequestFuzz(client, count);
    listen(requests.onLine);
    await requests.run(part(SHARES.requests), promises);
  });
  await withHub(async (hub, client, listen) => {
    listen(({ level, message }) => {
      if (level !== "log") promises.broken("nothing is on the console but the hub's own lines", `${level}: ${message}`);
    });
    await fuzzDocuments(hub, client, count, part(SHARES.documents), promises);
  });
  await fuzzMessages(count, part(SHARES.messages), promises);

  const sorted = [...counts].toSorted(([one], [other]) => one.localeCompare(other));
  return { counts: Object.fromEntries(sorted), notes: [], broken: promises.drain() };
}

type Hub = Awaited<ReturnType<typeof startHub>>;
type Listener = (line: LogLine) => void;

async function withHub(
  run: (hub: Hub, client: ReturnType<typeof createClient>, listen: (listener: Listener) => void) => Promise<void>,
): Promise<void> {
  let listener: Listener = () => {};
  const hub = await startHub("hub.ts", (line) => listener(line));
  const client = createClient(hub.port);
  try {
    await run(hub, client, (next) => (listener = next));
  } finally {
    client.close();
    await hub.close();
  }
}
