import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { within } from "../../test/browser/harness/index.ts";
import { temporaryFolder } from "../../test/browser/harness/temporary-folder.ts";

// It has no types, and is CommonJS.
const require = createRequire(import.meta.url);

const START_TIMEOUT_MS = 20_000;

export type WorkerModule = {
  readonly name: string;
  /** Source of its one module. */
  readonly source: string;
  /** KV namespaces: binding → name of the Worker that answers for it. */
  readonly namespaces?: Readonly<Record<string, string>>;
};

export type Workerd = {
  readonly pid: number;
  /** Where a Worker listens, e.g. `http://127.0.0.1:41234`. */
  urlOf(worker: string): string;
  /** `127.0.0.1:port` of the inspector, if it was asked for. */
  readonly inspector?: string;
  stop(): Promise<void>;
};

/**
 * Runs Workers in workerd itself, each with a socket of its own: without the router, proxies and logs that Wrangler's
 * development server puts before them.
 */
export async function startWorkerd(
  workers: readonly WorkerModule[],
  options: { compatibilityDate: string; withInspector?: boolean },
): Promise<Workerd> {
  const folder = temporaryFolder("carryover-workerd-");
  for (const { name, source } of workers) writeFileSync(path.join(folder.path, `${name}.js`), source);
  writeFileSync(path.join(folder.path, "config.capnp"), describe(workers, options.compatibilityDate));

  const { default: executable } = require("workerd") as { default: string };
  const inspecting = options.withInspector === true ? ["--inspector-addr=127.0.0.1:0"] : [];
  const child = spawn(executable, ["serve", path.join(folder.path, "config.capnp"), "--control-fd=3", ...inspecting], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  async function stop(): Promise<void> {
    kill();
    await ended;
    process.off("exit", kill);
    folder.remove();
  }

  try {
    const expected = workers.length + inspecting.length;
    const died = ended.then(() => Promise.reject(new Error("workerd has ended; it says why above.")));
    const ports = await within(Promise.race([readPorts(child.stdio[3] as Readable, expected), died]), {
      timeoutMs: START_TIMEOUT_MS,
      what: "workerd to listen",
    });
    died.catch(() => undefined);
    const inspectorPort = ports.get("inspector");
    return {
      pid: child.pid ?? 0,
      urlOf(worker) {
        const port = ports.get(worker);
        if (port === undefined) throw new Error(`There is no Worker ${worker}.`);
        return `http://127.0.0.1:${port}`;
      },
      ...(inspectorPort !== undefined && { inspector: `127.0.0.1:${inspectorPort}` }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function describe(workers: readonly WorkerModule[], compatibilityDate: string): string {
  const services = workers.map(({ name, namespaces = {} }) => {
    const bindings = Object.entries(namespaces).map(
      ([binding, service]) => `(name = "${binding}", kvNamespace = "${service}")`,
    );
    return `(name = "${name}", worker = (
      modules = [(name = "${name}.js", esModule = embed "${name}.js")],
      compatibilityDate = "${compatibilityDate}",
      bindings = [${bindings.join(", ")}],
    ))`;
  });
  const sockets = workers.map(
    ({ name }) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(",\n")}],
  sockets = [${sockets.join(",\n")}],
);
`;
}

/** workerd tells on its control channel where it listens, a line of JSON for each socket. */
async function readPorts(control: Readable, expected: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for await (const line of createInterface(control)) {
    const event = JSON.parse(line) as { event: string; socket?: string; port?: number };
    if (event.event === "listen-inspector") ports.set("inspector", event.port ?? 0);
    if (event.event === "listen" && event.socket !== undefined) ports.set(event.socket, event.port ?? 0);
    if (ports.size === expected) break;
  }
  return ports;
}
