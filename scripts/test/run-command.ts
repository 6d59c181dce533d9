import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "../..");

/** How long what a command has left behind may take to end by itself. */
const GRACE_MS = 5000;

const running = new Set<ChildProcess>();

// Ctrl-C and a runner's time limit reach this process alone: every command leads a process group of its own.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    for (const child of running) end(child);
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
}
process.once("exit", () => {
  for (const child of running) killGroup(child, "SIGKILL");
});

/** Runs a command of node_modules/.bin or the PATH, its output shown as it comes. Resolves once nothing of it is left. */
export async function runCommand(
  [command, ...args]: readonly [string, ...string[]],
  { env, timeoutMs }: { env: NodeJS.ProcessEnv; timeoutMs: number },
): Promise<{ readonly exitCode: number | null }> {
  const bin = path.join(ROOT, "node_modules/.bin");
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...env, PATH: [bin, path.dirname(process.execPath), env["PATH"]].join(path.delimiter) },
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
    // Windows has the commands of node_modules/.bin as .cmd files, which only a shell runs.
    shell: process.platform === "win32",
  });
  running.add(child);
  const timer = setTimeout(() => {
    console.error(`${command} has not ended within ${timeoutMs / 1000} s, and is ended.`);
    end(child);
  }, timeoutMs);
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(null);
    });
    child.once("exit", resolve);
  });
  clearTimeout(timer);
  killGroup(child, "SIGKILL");
  running.delete(child);
  return { exitCode };
}

/** Ends a command before its time, with what it has started in groups of their own: browsers and `wrangler dev`. */
function end(child: ChildProcess): void {
  const descendants = child.pid === undefined ? [] : descendantsOf(child.pid);
  const signalAll = (signal: "SIGTERM" | "SIGKILL"): void => {
    killGroup(child, signal);
    for (const pid of descendants) kill(pid, signal);
  };
  signalAll("SIGTERM");
  setTimeout(() => signalAll("SIGKILL"), GRACE_MS).unref();
  process.once("exit", () => signalAll("SIGKILL"));
}

function descendantsOf(ancestor: number): number[] {
  const found = new Set([ancestor]);
  const processes = listProcesses();
  // Each round finds the children of those found before.
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  found.delete(ancestor);
  return [...found];
}

function listProcesses(): { readonly pid: number; readonly parent: number }[] {
  if (process.platform === "win32") return [];
  // A bare Debian has no ps.
  const lines =
    process.platform === "linux"
      ? readStatuses()
      : execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).split("\n");
  return lines.map((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent };
  });
}

function readStatuses(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // "pid (name) state parent …", where the name may hold anything.
        const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) \S+ /s, "");
        return [`${pid} ${afterName}`];
      } catch {
        // It has ended in the meantime.
        return [];
      }
    });
}

function killGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    if (child.exitCode === null) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  kill(-child.pid, signal);
}

function kill(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended, which is what was wanted.
  }
}
