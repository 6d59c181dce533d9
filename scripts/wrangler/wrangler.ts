/** Runs wrangler as a child of its own process group, so that it and its workerd end together. */
import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How long a group may take to end by itself. */
const GRACE_MS = 5000;
const POLL_MS = 50;

/** The end of a child's output, for the message that says why it died. */
const OUTPUT_MAX_CHARACTERS = 4000;

const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

/** Node keeps wrangler's compiled code there, which is a third of what its start takes. */
const COMPILE_CACHE = join(ROOT, "node_modules/.cache/node");

/** Without these, wrangler asks the net for things that we have no use for. The banner asks for newer versions. */
const OFFLINE = {
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NO_COLOR: "1",
};

export interface WranglerProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with the exit code, however the process ends. */
  readonly exited: Promise<number | null>;
  output(): string;
  /** Ends the process and all it started. Safe to call again. */
  stop(): Promise<void>;
}

export function startWrangler(args: readonly string[]): WranglerProcess {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, ...OFFLINE, PATH: pathWithThisNode() },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  const collect = (chunk: unknown): void => {
    output = (output + String(chunk)).slice(-OUTPUT_MAX_CHARACTERS);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);

  // The last resort, when this process goes without having stopped its children.
  const killAtExit = (): void => killGroup(child, "SIGKILL");
  process.once("exit", killAtExit);
  const exited = new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      collect(error.message);
      resolve(null);
    });
    child.once("exit", (code) => resolve(code));
  });

  return {
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    output: () => output.trim(),
    stop: async () => {
      killGroup(child, "SIGTERM");
      const deadline = Date.now() + GRACE_MS;
      while (isGroupAlive(child) && Date.now() < deadline) await sleep(POLL_MS);
      killGroup(child, "SIGKILL");
      await exited;
      process.off("exit", killAtExit);
    },
  };
}

/** @throws Error with wrangler's own words when it fails. */
export async function runWrangler(args: readonly string[], signal?: AbortSignal): Promise<void> {
  const wrangler = startWrangler(args);
  const abort = (): void => void wrangler.stop();
  signal?.addEventListener("abort", abort, { once: true });
  const code = await wrangler.exited;
  signal?.removeEventListener("abort", abort);
  await wrangler.stop();
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} failed:\n${wrangler.output()}`);
}

/** wrangler runs the build by the name `node`: it must find the one that runs this, not an older one of the system. */
function pathWithThisNode(): string {
  return [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
}

function killGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    if (child.exitCode === null) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already, which is what was wanted.
  }
}

function isGroupAlive(child: ChildProcess): boolean {
  if (child.pid === undefined) return false;
  if (process.platform === "win32") return child.exitCode === null;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
