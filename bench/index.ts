/**
 * `npm run bench`: what we promise about speed, measured. Writes bench/RESULTS.md.
 *
 * `npm run bench -- load` runs one part; `npm run bench -- --quick` takes few rounds. Neither writes.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "../scripts/build.ts";
import { measureLinks } from "./links/measure-links.ts";
import { measureLoad } from "./load/measure-load.ts";
import { describeMachine } from "./report/machine.ts";
import { renderSection, renderTable } from "./report/render.ts";
import type { Section } from "./report/section.ts";
import { measureSizes } from "./sizes/measure-sizes.ts";
import { measureWorker } from "./worker/measure-worker.ts";

const RESULTS = path.join(import.meta.dirname, "RESULTS.md");

const PARTS: Readonly<Record<string, (isQuick: boolean) => Promise<Section>>> = {
  sizes: () => measureSizes(),
  load: (isQuick) => measureLoad({ rounds: isQuick ? 3 : 25 }),
  links: (isQuick) => measureLinks({ rounds: isQuick ? 4 : 20 }),
  worker: (isQuick) => measureWorker(isQuick ? { rounds: 2, windowMs: 500 } : { rounds: 24, windowMs: 1000 }),
};

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false } },
  });
  const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(", ")}. Parts: ${Object.keys(PARTS).join(", ")}.`);

  const machine = renderTable(describeMachine());
  console.log(machine);
  await build();
  const sections: string[] = [];
  for (const [name, measure] of Object.entries(PARTS)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const section = renderSection(await measure(values.quick));
    console.log(`\n${section}`);
    sections.push(section);
  }
  if (values.quick || positionals.length > 0) return;
  const title =
    "# What we promise about speed, measured\n\nWritten by `npm run bench`; [README.md](README.md) says how.";
  writeFileSync(RESULTS, `${[title, machine, ...sections].join("\n\n")}\n`);
}

await run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
// Wrangler leaves a timer behind.
process.exit();
