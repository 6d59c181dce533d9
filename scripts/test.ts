/**
 * `npm test`: everything that must hold before a change is merged, in one command. Nothing stops early; the last line has
 * the totals, each check counting as one test.
 *
 * `npm test -- <arguments>` builds and hands the arguments to vitest: `npm test -- --project worker session`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { whyNoEngine } from "./browsers/ensure-engine.ts";
import { runCommand } from "./test/run-command.ts";
import { readVitestTotals } from "./test/vitest-totals.ts";

const CHECK_TIMEOUT_MS = 120_000;
const VITEST_TIMEOUT_MS = 4_200_000;

const temporary = mkdtempSync(path.join(tmpdir(), "carryover-test-"));
process.once("exit", () => rmSync(temporary, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));

const env: NodeJS.ProcessEnv = {
  ...process.env,
  CI: "true",
  NO_UPDATE_NOTIFIER: "1",
  // Wrangler reports nothing, asks nobody, and keeps its log and registry out of the home folder.
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  XDG_CONFIG_HOME: path.join(temporary, "config"),
  XDG_CACHE_HOME: path.join(temporary, "cache"),
};

const passed: string[] = [];
const failed: string[] = [];

async function check(name: string, run: () => Promise<boolean> | boolean): Promise<void> {
  console.log(`\n── ${name} ──`);
  const start = performance.now();
  const isGood = await run();
  (isGood ? passed : failed).push(name);
  console.log(`${isGood ? "passed" : "FAILED"} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function run(...command: [string, ...string[]]): Promise<boolean> {
  return (await runCommand(command, { env, timeoutMs: CHECK_TIMEOUT_MS })).exitCode === 0;
}

async function checkEverything(): Promise<void> {
  await check("build", () => run("node", "scripts/build.ts"));
  await check("types", () => run("node", "scripts/check-types.ts"));
  await check("lint", () => run("oxlint"));
  await check("format", () => run("oxfmt", "--check"));
  await check("dead code", () => run("knip", "--no-progress"));
  await check("sizes", () => run("node", "scripts/check-sizes.ts"));
  await check("deploy (dry run)", () => run("wrangler", "deploy", "--dry-run"));
  // Node's own flags are those of `npm run explore`.
  await check("orders of events", () =>
    run("node", "--max-semi-space-size=64", "--single-threaded-gc", "test/explore/index.ts", "--short"),
  );
  await check("browsers to test with", findBrowsers);
}

/** Now, and not while vitest collects its tests: installing takes a while. Chromium is a must; what else is missing is skipped by name. */
function findBrowsers(): boolean {
  const missing = (["chromium", "firefox", "webkit"] as const).flatMap((engine) => {
    const why = whyNoEngine(engine);
    console.log(`${engine}: ${why ?? "found"}`);
    return why === undefined ? [] : [engine];
  });
  return !missing.includes("chromium");
}

async function runVitest(filters: readonly string[]): Promise<readonly string[]> {
  console.log("\n── tests ──");
  const report = path.join(temporary, "vitest.json");
  const { exitCode } = await runCommand(
    ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...filters],
    { env, timeoutMs: VITEST_TIMEOUT_MS },
  );
  const totals = readVitestTotals(report, exitCode);
  failed.push(...totals.failed);
  passed.push(...totals.passed);
  return totals.skipped;
}

const filters = process.argv.slice(2);
if (filters.length === 0) await checkEverything();
else if (!(await run("node", "scripts/build.ts"))) failed.push("build");
const skipped = await runVitest(filters);

console.log("");
for (const name of failed) console.log(`failed: ${name}`);
// Tests that the arguments left out are no news.
if (filters.length === 0) for (const name of skipped) console.log(`skipped: ${name}`);
console.log(`${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;
