import { join } from "node:path";
import { build } from "../build.ts";
import { buildDemoPages } from "./build-demo.ts";
import { DEMO, ROOT } from "./paths.ts";
import { type DemoPorts, requireFreePorts } from "./ports.ts";
import { type DemoUrls, demoUrls, TENANT, tenantDocument } from "./urls.ts";
import { waitUntilUp } from "./wait-until-up.ts";
import { runWrangler, startWrangler, type WranglerProcess } from "../wrangler/wrangler.ts";

export interface DemoOptions extends DemoPorts {
  /**
   * Folder for KV and Durable Objects. Default: wrangler's own `.wrangler/state`, so that a reader's
   * `wrangler kv key put --local` changes the running demo. Tests take a folder of their own.
   */
  readonly persistTo?: string;
  /** Stops a start under way; `startDemo` then rejects once nothing is left running. */
  readonly signal?: AbortSignal;
}

export interface Demo {
  readonly urls: DemoUrls;
  /** Resolves with an explanation as soon as one of the two servers ends by itself. */
  readonly failed: Promise<string>;
  /** Resolves once nothing of the demo is left running. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Builds, seeds the tenant and starts the hub and the shops on loopback.
 * @throws Error with words for the reader: a port in use, a build that failed, a server that did not come up.
 */
export async function startDemo({ hubPort, demoPort, persistTo, signal }: DemoOptions): Promise<Demo> {
  const urls = demoUrls({ hubPort, demoPort });
  await requireFreePorts({ hubPort, demoPort });
  await Promise.all([build(), buildDemoPages()]);
  signal?.throwIfAborted();

  const hubConfig = join(ROOT, "wrangler.toml");
  const hubState = persistTo === undefined ? join(ROOT, ".wrangler/state") : join(persistTo, "hub");
  const demoState = persistTo === undefined ? join(DEMO, ".wrangler/state") : join(persistTo, "demo");
  const put = ["kv", "key", "put", "--local", "--config", hubConfig, "--persist-to", hubState, "--binding", "TENANTS"];
  await runWrangler([...put, TENANT, tenantDocument(urls)], signal);

  const hub = startWrangler(devArgs(hubConfig, hubPort, hubState));
  const vars = ["--var", `HUB_ORIGIN:${urls.hub}`, "--var", `TENANT:${TENANT}`];
  const shops = startWrangler([...devArgs(join(DEMO, "wrangler.toml"), demoPort, demoState), ...vars]);
  const stop = async (): Promise<void> => {
    await Promise.all([hub.stop(), shops.stop()]);
  };
  try {
    await Promise.all([
      waitUntilUp("The hub", `${urls.hub}/healthz`, hub, signal),
      waitUntilUp("The shops' Worker", `${urls.shopA}/`, shops, signal),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, failed: Promise.race([endOf("The hub", hub), endOf("The shops' Worker", shops)]), stop };
}

function devArgs(config: string, port: number, state: string): string[] {
  const where = ["--config", config, "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  return ["dev", ...where, "--persist-to", state, "--log-level", "error", "--show-interactive-dev-session=false"];
}

async function endOf(name: string, wrangler: WranglerProcess): Promise<string> {
  await wrangler.exited;
  return `${name} ended.\n${wrangler.output()}`.trim();
}
