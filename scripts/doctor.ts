/**
 * `npm run doctor -- <hub> <tenant> <page-url…>`: asks a hub and a tenant's pages from outside what works, what does not and what
 * to change.
 */
import { USAGE, parseArguments } from "./doctor/arguments.ts";
import { diagnose } from "./doctor/diagnose.ts";
import { countLevels, formatJson, formatText } from "./doctor/report.ts";

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2));
  if (!parsed.ok) {
    console.error(`${parsed.reason}\n\n${USAGE}`);
    return 2;
  }
  if (parsed.value === "help") {
    console.log(USAGE);
    return 0;
  }
  const sections = await diagnose(parsed.value);
  const isColoured = process.stdout.isTTY && !process.env["NO_COLOR"];
  console.log(parsed.value.json ? formatJson(sections) : formatText(sections, isColoured));
  const { warning, problem } = countLevels(sections);
  return problem > 0 || (parsed.value.strict && warning > 0) ? 1 : 0;
}

process.exitCode = await main();
