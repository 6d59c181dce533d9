import type { EventEmitter } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Certificate } from "./certificate.ts";
import { within } from "./poll.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface HubOptions {
  /** What is in KV at the start: tenant id → raw JSON, written as it stands. */
  tenants: Readonly<Record<string, string>>;
  /** Default: the repository's own. */
  wranglerConfig?: string;
  /** Variables over those of the Wrangler file. */
  vars?: Readonly<Record<string, string>>;
  /** Counts outcomes, as a hub with an Analytics Engine dataset does. */
  countsOutcomes?: boolean;
}

export interface HubLogLine {
  level: string;
  message: string;
}

export interface Hub {
  /** TLS port on 127.0.0.1. */
  port: number;
  /** What the Worker has written to its console. */
  readonly logs: readonly HubLogLine[];
  /** Writes to KV. The Worker may go on using what it has in memory for a while. */
  putTenant(id: string, rawJson: string): Promise<void>;
  deleteTenant(id: string): Promise<void>;
  stop(): Promise<void>;
}

const REPOSITORY_CONFIG = fileURLToPath(new URL("../../../wrangler.toml", import.meta.url));
const START_TIMEOUT_MS = 60_000;

/**
 * Runs the hub as it is deployed, Worker, assets and bindings, from its Wrangler file over https on a free port.
 * KV and Durable Objects live in memory, apart for every hub and apart from `.wrangler/state`.
 */
export async function startHub(
  tls: Certificate,
  { tenants, wranglerConfig = REPOSITORY_CONFIG, vars = {}, countsOutcomes = false }: HubOptions,
): Promise<Hub> {
  requireBuiltAssets(wranglerConfig);
  // Wrangler fetches an example of `request.cf` and reports usage otherwise; tests talk to nobody.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["WRANGLER_SEND_METRICS"] = "false";
  // What it says while it starts comes before it has read `logLevel`.
  process.env["WRANGLER_LOG"] ??= "none";
  const { unstable_DevEnv: DevEnv } = await import("wrangler");

  // Wrangler takes a certificate from files only.
  const folder = temporaryFolder("carryover-hub-");
  const httpsKeyPath = join(folder.path, "key.pem");
  const httpsCertPath = join(folder.path, "cert.pem");
  writeFileSync(httpsKeyPath, tls.key, { mode: 0o600 });
  writeFileSync(httpsCertPath, tls.cert);

  const logs: HubLogLine[] = [];
  const wrangler = new DevEnv();
  const running = untilRunning(wrangler);
  const starting = wrangler.startWorker({
    config: wranglerConfig,
    bindings: {
      ...Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { type: "plain_text", value }])),
      ...(countsOutcomes && { OUTCOMES: { type: "analytics_engine", dataset: "outcomes" } }),
    },
    // What is built is what is tested: a hub that rebuilt would do so under the feet of its neighbours.
    build: { custom: { command: "" } },
    dev: {
      server: { hostname: "127.0.0.1", port: 0, secure: true, httpsKeyPath, httpsCertPath },
      inspector: false,
      // Routes in the file would otherwise become the host of `request.url`.
      inferOriginFromRoutes: false,
      logLevel: "none",
      persist: false,
      remote: false,
      watch: false,
      structuredLogsHandler: ({ level, message }: HubLogLine) => logs.push({ level, message }),
    },
  });

  async function stop(): Promise<void> {
    try {
      await wrangler.teardown();
    } finally {
      folder.remove();
    }
  }

  async function tenantStore() {
    const runtime = wrangler.runtimes[0]?.mf;
    if (runtime === undefined) throw new Error("The hub is not running.");
    return runtime.getKVNamespace("TENANTS");
  }

  async function putTenant(id: string, rawJson: string): Promise<void> {
    await (await tenantStore()).put(id, rawJson);
  }

  async function deleteTenant(id: string): Promise<void> {
    await (await tenantStore()).delete(id);
  }

  try {
    const [worker] = await within(Promise.all([starting, running]), {
      timeoutMs: START_TIMEOUT_MS,
      what: "the hub to start",
    });
    await Promise.all(Object.entries(tenants).map(([id, rawJson]) => putTenant(id, rawJson)));
    return { port: Number((await worker.url).port), logs, putTenant, deleteTenant, stop };
  } catch (error) {
    // A runtime that could not start fails again when it is stopped.
    await stop().catch(() => undefined);
    throw new Error(`The hub does not start: ${reasonOf(error)}`, { cause: error });
  }
}

/** `startWorker` resolves as soon as the configuration is read; whether the Worker builds and runs is told by events. */
function untilRunning(wrangler: EventEmitter): Promise<void> {
  return new Promise((resolve, reject) => {
    wrangler.once("reloadComplete", () => resolve());
    wrangler.once("error", reject);
    wrangler.once("buildFailed", reject);
  });
}

/** Wrangler's events and errors carry what happened in their `cause`. */
function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("cause" in error && error.cause !== undefined) return reasonOf(error.cause);
  return "message" in error ? String(error.message) : JSON.stringify(error);
}

function requireBuiltAssets(wranglerConfig: string): void {
  const directory = /^\s*directory\s*=\s*"([^"]+)"/m.exec(readFileSync(wranglerConfig, "utf8"))?.[1];
  if (directory !== undefined && !existsSync(resolve(dirname(wranglerConfig), directory))) {
    throw new Error(`The hub's assets are not built: there is no ${directory}. Run \`npm run build\` first.`);
  }
}
