import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import path from "node:path";
import { findChromium } from "../../scripts/browsers/find-chromium.ts";
import type { Table } from "./section.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const PACKAGES = ["workerd", "wrangler", "hono", "cross-storage", "penpal", "autocannon"];
const VERSION_TIMEOUT_MS = 15_000;

/** Where and with what the figures were taken. */
export function describeMachine(): Table {
  const processors = cpus();
  const lockfile = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  return {
    columns: ["machine", ""],
    rows: [
      ["date", `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`],
      ["CPU", `${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} cores`],
      ["memory", `${(totalmem() / 2 ** 30).toFixed(1)} GiB`],
      ["system", systemName()],
      ["load before the run", loadavg()[0]?.toFixed(2) ?? ""],
      ["Node", process.version],
      ["Chromium", chromiumVersion()],
      ...PACKAGES.map((name) => [name, lockfile.packages[`node_modules/${name}`]?.version ?? "not installed"]),
    ],
  };
}

function systemName(): string {
  const kernel = `${type()} ${release()}`;
  try {
    const name = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
    return name === undefined ? kernel : `${name}, ${kernel}`;
  } catch {
    // Not a Linux.
    return kernel;
  }
}

function chromiumVersion(): string {
  const executable = findChromium();
  // On Windows it would open a window instead.
  if (executable === undefined || process.platform === "win32") return executable ?? "not found";
  return execFileSync(executable, ["--version"], {
    encoding: "utf8",
    timeout: VERSION_TIMEOUT_MS,
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}
