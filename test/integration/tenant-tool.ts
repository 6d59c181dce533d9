import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../browser/harness/temporary-folder.ts";

const TOOL = fileURLToPath(new URL("../../scripts/tenant.ts", import.meta.url));

/**
 * Each wrangler takes seconds to start, and a command starts up to four: so these tests have few commands, and the rest
 * is in unit/.
 */
export const TOOL_TIMEOUT_MS = 240_000;

type Ran = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

const folder = temporaryFolder("carryover-tenant-tool-");

/** The command in a folder of its own, as an operator's CI runs it: no terminal. */
export function tenantTool(name: string, env: NodeJS.ProcessEnv = {}) {
  const cwd = join(folder.path, name);
  const path = (file: string): string => join(cwd, file);
  mkdirSync(cwd);
  // Not with the login of whoever runs the tests.
  const ownEnv = { ...process.env, HOME: cwd, XDG_CONFIG_HOME: cwd, ...env };
  const run = (...args: readonly string[]): Promise<Ran> => runTool(args, { cwd, env: ownEnv });
  return {
    path,
    file: (file: string, content: unknown): void =>
      writeFileSync(path(file), typeof content === "string" ? content : JSON.stringify(content, null, 2)),
    run,
    /** With a local KV that only this test uses. */
    runHere: (...args: readonly string[]) => run(...args, "--persist-to", "kv"),
  };
}

function runTool(args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<Ran> {
  const child = spawn(process.execPath, [TOOL, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: unknown) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk: unknown) => (stderr += String(chunk)));
  return new Promise((resolve) => child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr })));
}
