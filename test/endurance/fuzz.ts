/** `npm run fuzz`: requests, documents and messages that nobody would send by mistake. `-- --minutes 10 --seed 1 --write` */
import { parseCommandLine } from "./command-line.ts";
import { printFigures, writeFigures } from "./figures.ts";
import { fuzzBrowser } from "./fuzz/fuzz-browser.ts";
import { runFuzz } from "./fuzz/run-fuzz.ts";

/** Of the time; the rest is a browser's. */
const SHARE_WITHOUT_BROWSER = 0.7;

const options = parseCommandLine(process.argv.slice(2));
if (!options.ok) {
  console.error(options.reason);
  process.exit(2);
}
const { minutes, seed, write } = options.value;
console.log(`A fuzz of ${minutes} minutes with the seed ${seed}.`);
const durationMs = minutes * 60_000;
const hub = await runFuzz({ seed, durationMs: durationMs * SHARE_WITHOUT_BROWSER });
const browser = await fuzzBrowser({ seed, durationMs: durationMs * (1 - SHARE_WITHOUT_BROWSER) });
const figures = {
  counts: { ...hub.counts, ...browser.counts },
  notes: [...hub.notes, ...browser.notes],
  broken: [...hub.broken, ...browser.broken],
};
printFigures(figures);
if (write) {
  writeFigures(
    "FUZZ.md",
    `# Fuzz: ${minutes} minutes, \`npm run fuzz -- --minutes ${minutes} --seed ${seed}\``,
    figures,
  );
}
process.exit(figures.broken.length === 0 ? 0 : 1);
