import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.join(import.meta.dirname, "../..");

/** How long what a command has left behind may take to end by itself. */
const GRACE_MS = 5000;

const running = new Set<ChildProcess>();

// Ctrl-C and a runner's time limit reach this process alone: every command leads a process group of its own.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    for (const child of running) killGroup(child, "SIGTERM");
    setTimeout(() => process.exit(1), GRACE_MS);
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
    killGroup(child, "SIGTERM");
    setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MS).unref();
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

function killGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    if (child.exitCode === null) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended, which is what was wanted.
  }
}
