import { createTestHarness } from "wrangler";
import { WRANGLER_CONFIG } from "./paths.ts";

/** Plain http, whatever a test asks: the harness tells the Worker so. The browser tests have the hub behind https. */
export const HUB = "http://hub.localhost";

export type Hub = Awaited<ReturnType<typeof startHub>>;

let lastTenant = 0;

/** The hub as wrangler.toml describes it: the built Worker behind Cloudflare's router for static assets, KV in memory. */
export async function startHub() {
  // Wrangler fetches an example of `request.cf` and reports usage otherwise; tests talk to nobody.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["WRANGLER_LOG"] ??= "error";
  const harness = createTestHarness({ workers: [{ configPath: WRANGLER_CONFIG }] });
  await harness.listen();
  const worker = harness.getWorker<{ TENANTS: KeyValueStore }>();
  const { TENANTS } = await worker.getEnv();

  return {
    ask: (path: string, init?: Parameters<typeof harness.fetch>[1]) => harness.fetch(`${HUB}${path}`, init),
    /** Asks the built Worker past the router, with a URL of any scheme. */
    askWorker: (url: string, init?: Parameters<typeof worker.fetch>[1]) => worker.fetch(url, init),
    /** Puts a document under an id that no test has used: the Worker remembers tenants for a while. */
    async putTenant(document: unknown): Promise<string> {
      const id = `tenant-${++lastTenant}`;
      await TENANTS.put(id, JSON.stringify(document));
      return id;
    },
    logs: () => harness.getLogs().map(({ message }) => message),
    close: () => harness.close(),
  };
}

/** What the tests use of Workers KV. Workers' own types and the DOM's cannot meet in one project. */
type KeyValueStore = { put(key: string, value: string): Promise<void> };
