/** What the iframe page's cache takes in workerd itself, when somebody asks for it under ever new host names. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "../endurance/http-client.ts";
import { type Hub, startHub } from "../endurance/start-hub.ts";
import { sampleMemory } from "../endurance/workerd-memory.ts";

const HOSTS = 2000;
const AT_ONCE = 20;

/** A page of 500 domains takes some 14 KB of the heap: without a bound these hosts would take 28 MB. */
const MAX_GROWTH_BYTES = 6_000_000;

let hub: Hub;
let client: Client;

beforeAll(async () => {
  hub = await startHub("hub.ts", () => undefined);
  client = createClient(hub.port);
  const domains = Array.from({ length: 500 }, (_, n) => `https://shop-${n}.example`);
  await hub.putTenant("acme", JSON.stringify(domains));
});

afterAll(async () => {
  client?.close();
  await hub?.close();
});

async function askUnder(hosts: readonly string[]): Promise<Set<number>> {
  const waiting = [...hosts];
  const statuses = new Set<number>();
  const next = async () => {
    for (let host = waiting.pop(); host !== undefined; host = waiting.pop()) {
      const { status } = await client.ask({ method: "HEAD", path: "/t/acme/iframe.html", host });
      statuses.add(status);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return statuses;
}

/** An idle isolate collects its garbage with the next request only. */
async function heapBytes(): Promise<number> {
  const timer = setInterval(() => void client.ask({ path: "/healthz" }), 250);
  try {
    return (await sampleMemory(hub.inspectorUrl)).heapBytes;
  } finally {
    clearInterval(timer);
  }
}

test(`the pages of ${HOSTS} host names leave the isolate's memory as it was`, async () => {
  const hosts = (label: string, count: number) => Array.from({ length: count }, (_, n) => `${label}-${n}.hub.test`);
  await askUnder(hosts("warm", 50));
  const before = await heapBytes();
  expect(await askUnder(hosts("host", HOSTS))).toEqual(new Set([200]));
  const after = await heapBytes();
  expect(after - before).toBeLessThan(MAX_GROWTH_BYTES);
}, 120_000);
