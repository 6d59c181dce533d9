import { existsSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions as readWranglerFile } from "wrangler";
import { temporaryFolder } from "../browser/harness/temporary-folder.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const NAME = "hub";

/** Linux's disk in memory: workerd waits for each write of a Durable Object to be on the disk, and would wait most of the time. */
const MEMORY_DISK = "/dev/shm";

/** What an hour of the soak may write. Containers often have less in memory. */
const DISK_BYTES = 8e9;

export type LogLine = { readonly level: string; readonly message: string };

export type Hub = {
  /** A port of 127.0.0.1 at which workerd itself answers, with no development server before it. */
  readonly port: number;
  /** Where workerd can be asked for its memory. */
  readonly inspectorUrl: URL;
  putTenant(id: string, text: string): Promise<void>;
  /** Restarts the Durable Object of a handoff code that does nothing just now. */
  evictHandoff(objectName: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * The bundled Worker in workerd, with the bindings of wrangler.toml, KV and Durable Objects in a folder that goes with it.
 *
 * @param entry the Worker's file in worker/
 * @param onLine told of everything on workerd's console: what the hub logs, and what nobody has caught
 */
export async function startHub(entry: "hub.ts" | "flaky-hub.ts", onLine: (line: LogLine) => void): Promise<Hub> {
  // Files are served without the Worker: they are not what is tested here.
  const { assets: _, ...bindings } = readWranglerFile(path.join(ROOT, "wrangler.toml")).workerOptions;
  const folder = temporaryFolder("carryover-endurance-", quickestDisk());
  const runtime = new Miniflare({
    ...convertV4MiniflareOptions({
      ...bindings,
      name: NAME,
      modules: [{ type: "ESModule", path: "index.js", contents: await bundle(entry) }],
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      host: "127.0.0.1",
      inspectorHost: "127.0.0.1",
      inspectorPort: 0,
      cf: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: onLine,
      handleUncaughtError: (error) => onLine({ level: "error", message: `uncaught: ${String(error)}` }),
    }),
    resourcePersistencePath: folder.path,
  });
  await runtime.ready;
  const tenants = await runtime.getKVNamespace("TENANTS", NAME);
  return {
    port: Number((await runtime.unsafeGetDirectURL(NAME)).port),
    inspectorUrl: new URL(`/core:user:${NAME}`, await runtime.getInspectorURL()),
    putTenant: (id, text) => tenants.put(id, text),
    evictHandoff: (objectName) => runtime.unsafeEvictDurableObject(NAME, "HandoffCode", { name: objectName }),
    async close() {
      await runtime.dispose();
      folder.remove();
    },
  };
}

function quickestDisk(): string {
  if (!existsSync(MEMORY_DISK)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY_DISK);
  return bavail * bsize >= DISK_BYTES ? MEMORY_DISK : tmpdir();
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "worker", entry)],
    bundle: true,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
