import type { Section } from "../report/section.ts";
import { rotate } from "../statistics.ts";
import { bundleWorker, readCompatibilityDate } from "./bundle.ts";
import { type LoadGenerator, startLoadGenerator } from "./generate-load.ts";
import { measureMemory } from "./measure-memory.ts";
import { readCpuMs } from "./process-usage.ts";
import { describeSamples } from "./report-worker.ts";
import { CASES, type Case, type Sample, type Samples } from "./cases.ts";
import { makeBareWorker } from "./bare-worker.ts";
import { KV_SOURCE } from "./tenants.ts";
import { type WorkerModule, type Workerd, startWorkerd } from "./workerd.ts";

/** Throughput and latency of the iframe page against bare handlers in the same workerd, and what tenants cost in memory. */
export async function measureWorker(options: { rounds: number; windowMs: number }): Promise<Section> {
  const compatibilityDate = readCompatibilityDate();
  const hub: WorkerModule[] = [
    { name: "hub", source: await bundleWorker(), namespaces: { TENANTS: "kv" } },
    { name: "kv", source: KV_SOURCE },
  ];
  const load = startLoadGenerator();
  try {
    const bare = await makeBareWorkers(hub, compatibilityDate);
    const workerd = await startWorkerd([...hub, ...bare], { compatibilityDate });
    let samples: Samples;
    try {
      samples = await takeSamples(workerd, load, options);
    } finally {
      await workerd.stop();
    }
    const memory = await measureMemory(hub, compatibilityDate, load);
    const { tables, notes } = describeSamples(samples, options.rounds);
    return { title: "The Worker", tables: [...tables, memory], notes };
  } finally {
    load.stop();
  }
}

/** Asks the hub once for each case, for the bytes that its bare handler is to return. */
async function makeBareWorkers(hub: readonly WorkerModule[], compatibilityDate: string): Promise<WorkerModule[]> {
  const workerd = await startWorkerd(hub, { compatibilityDate });
  try {
    const bare: WorkerModule[] = [];
    for (const one of CASES) {
      if (one.bareWorker === undefined) continue;
      const source = await makeBareWorker(workerd.urlOf("hub") + (one.paths[0] ?? ""), await headersOf(one, workerd));
      bare.push({ name: one.bareWorker, source });
    }
    return bare;
  } finally {
    await workerd.stop();
  }
}

/** The page has the hub's own address in it, port included, and so its ETag is another with every start. */
async function headersOf({ paths, revalidates }: Case, workerd: Workerd): Promise<Readonly<Record<string, string>>> {
  if (!revalidates) return {};
  const response = await fetch(workerd.urlOf("hub") + (paths[0] ?? ""));
  return { "If-None-Match": response.headers.get("ETag") ?? "" };
}

async function takeSamples(
  workerd: Workerd,
  load: LoadGenerator,
  { rounds, windowMs }: { rounds: number; windowMs: number },
): Promise<Samples> {
  const headers = new Map<string, Readonly<Record<string, string>>>();
  for (const one of CASES) headers.set(one.name, await headersOf(one, workerd));
  const contenders = CASES.flatMap((one) => [
    { one, worker: "hub", key: one.name },
    ...(one.bareWorker === undefined ? [] : [{ one, worker: one.bareWorker, key: one.bareWorker }]),
  ]);
  const samples = new Map<string, Sample[]>(contenders.map(({ key }) => [key, []]));
  // The first round warms the compiler, and does not count.
  for (let round = -1; round < rounds; round += 1) {
    for (const { one, worker, key } of rotate(contenders, round + 1)) {
      const sample = await takeSample(one, worker);
      if (round >= 0) samples.get(key)?.push(sample);
    }
  }
  return samples;

  async function takeSample({ name, paths, expectedStatus }: Case, worker: string): Promise<Sample> {
    const order = { origin: workerd.urlOf(worker), paths, headers: headers.get(name) ?? {}, expectedStatus };
    // Reading KV again, every 30 s a tenant, costs no work of the isolate's when deployed; here it would.
    if (worker === "hub") await load.generate({ ...order, once: true });
    const before = readCpuMs(workerd.pid);
    const { requests, elapsedMs, p50Ms, p99Ms } = await load.generate({ ...order, windowMs });
    const after = readCpuMs(workerd.pid);
    const cpuMs = before === undefined || after === undefined ? undefined : after - before;
    return {
      requestsPerSecond: (requests / elapsedMs) * 1000,
      ...(cpuMs !== undefined && { cpuMicroseconds: (cpuMs / requests) * 1000, busy: cpuMs / elapsedMs }),
      p50Ms,
      p99Ms,
    };
  }
}
