import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import packageJson from "../../package.json" with { type: "json" };

/** What a run has found. */
export type Figures = {
  readonly counts: Readonly<Record<string, number>>;
  /** Figures that depend on the machine. */
  readonly notes: readonly (readonly [what: string, figure: string])[];
  /** Promises that were not kept, one line each. */
  readonly broken: readonly string[];
};

const ROOT = path.join(import.meta.dirname, "../..");

export function printFigures({ counts, notes, broken }: Figures): void {
  const rows = [...Object.entries(counts), ...notes];
  const width = Math.max(...rows.map(([what]) => what.length));
  for (const [what, figure] of rows) console.log(`${what.padEnd(width)}  ${String(figure).padStart(9)}`);
  for (const one of broken) console.error(`BROKEN  ${one}`);
  console.log(broken.length === 0 ? "Every promise was kept." : `Broken promises: ${broken.length}.`);
}

/**
 * Writes a run into bench/, with what it ran on.
 *
 * @param file under bench/
 * @param title what was run, and by which command
 */
export function writeFigures(file: string, title: string, { counts, notes, broken }: Figures): void {
  const { miniflare, wrangler } = packageJson.devDependencies;
  const machine = [
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? "unknown"} (${cpus().length} cores)`,
    `${process.platform} ${process.arch}, Node ${process.versions.node}, wrangler ${wrangler}, miniflare ${miniflare}`,
  ];
  const lines = [
    title,
    "",
    ...machine.map((line) => `- ${line}`),
    "",
    "| | |",
    "|---|---|",
    ...[...Object.entries(counts), ...notes].map(([what, figure]) => `| ${what} | ${figure} |`),
    "",
    ...(broken.length === 0 ? ["Every promise was kept."] : broken.map((one) => `- Broken: ${one}`)),
    "",
  ];
  mkdirSync(path.join(ROOT, "bench"), { recursive: true });
  writeFileSync(path.join(ROOT, "bench", file), lines.join("\n"));
}
