/** A process of its own, so that its work is nobody else's. Orders come and reports go by `process.send`. */
import autocannon from "autocannon";
import { quantile } from "../statistics.ts";
import type { LoadOrder, LoadReport } from "./load.ts";

/** Enough to keep one thread of workerd busy. */
const CONNECTIONS = 10;

async function generate({ origin, paths, headers, expectedStatus, windowMs, once }: LoadOrder): Promise<LoadReport> {
  const latenciesMs: number[] = [];
  const statuses = new Set<number>();
  let nextClient = 0;
  const connections = once === true ? Math.min(CONNECTIONS, paths.length) : CONNECTIONS;
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  // From answer to answer: to prepare 10,000 requests takes its time, which is not the Worker's.
  let firstAtMs: number | undefined;
  let lastAtMs = 0;
  const options: autocannon.Options = {
    url: origin,
    connections,
    headers,
    ...(once === true ? { amount: paths.length } : { duration: (windowMs ?? 1000) / 1000 }),
    sampleInt: 100,
    setupClient(client) {
      const share = paths.filter((_, index) => paths.length === 1 || index % connections === nextClient);
      nextClient += 1;
      client.setRequests(share.map((path) => ({ method: "GET", path, headers })));
    },
  };
  const running = autocannon(options, (error, result) => (error == null ? resolve(result) : reject(error as Error)));
  running.on("response", (_client, status, _bytes, responseTimeMs) => {
    lastAtMs = performance.now();
    firstAtMs ??= lastAtMs;
    statuses.add(status);
    latenciesMs.push(responseTimeMs);
  });
  const { errors, timeouts } = await promise;
  const elapsedMs = lastAtMs - (firstAtMs ?? lastAtMs);
  const unexpected = [...statuses].filter((status) => status !== expectedStatus);
  const failures = [
    ...unexpected.map((status) => `answers with status ${status}`),
    ...(errors + timeouts > 0 ? [`${errors} errors, ${timeouts} timeouts`] : []),
    ...(latenciesMs.length === 0 ? ["no answer at all"] : []),
  ];
  if (failures.length > 0)
    return { requests: 0, elapsedMs, p50Ms: 0, p99Ms: 0, failure: `${origin}${paths[0]}: ${failures.join(", ")}` };
  return {
    requests: latenciesMs.length,
    elapsedMs,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

process.on("message", (order: LoadOrder) => {
  void generate(order).then((report) => process.send?.(report));
});
// The benchmark that started it has ended, in whatever way.
process.once("disconnect", () => process.exit());
