import { readFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../../scripts/test/run-command.ts";
import { temporaryFolder } from "../../test/browser/harness/temporary-folder.ts";

const TIMEOUT_MS = 120_000;

/** The Worker as Wrangler would upload it: one module. */
export async function bundleWorker(): Promise<string> {
  const folder = temporaryFolder("carryover-bench-");
  try {
    const { exitCode } = await runCommand(["wrangler", "deploy", "--dry-run", "--outdir", folder.path], {
      env: { ...process.env, WRANGLER_LOG: "error", WRANGLER_SEND_METRICS: "false" },
      timeoutMs: TIMEOUT_MS,
    });
    if (exitCode !== 0) throw new Error("Wrangler cannot bundle the Worker; it says why above.");
    return readFileSync(path.join(folder.path, "index.js"), "utf8");
  } finally {
    folder.remove();
  }
}

/** The compatibility date that the Worker is deployed with. */
export function readCompatibilityDate(): string {
  const file = path.join(import.meta.dirname, "../../wrangler.toml");
  const date = /^compatibility_date\s*=\s*"([^"]+)"/m.exec(readFileSync(file, "utf8"))?.[1];
  if (date === undefined) throw new Error(`${file} names no compatibility_date.`);
  return date;
}
