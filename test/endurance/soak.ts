/** `npm run soak`: visitors at the hub while KV fails and Durable Objects are restarted. `-- --minutes 10 --seed 1 --write` */
import { parseCommandLine } from "./command-line.ts";
import { printFigures, writeFigures } from "./figures.ts";
import { runSoak } from "./soak/run-soak.ts";

const options = parseCommandLine(process.argv.slice(2));
if (!options.ok) {
  console.error(options.reason);
  process.exit(2);
}
const { minutes, seed, write } = options.value;
console.log(`A soak of ${minutes} minutes with the seed ${seed}.`);
const figures = await runSoak({ seed, durationMs: minutes * 60_000 });
printFigures(figures);
if (write)
  writeFigures(
    "SOAK.md",
    `# Soak: ${minutes} minutes, \`npm run soak -- --minutes ${minutes} --seed ${seed}\``,
    figures,
  );
process.exit(figures.broken.length === 0 ? 0 : 1);
