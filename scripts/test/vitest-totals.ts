import { existsSync, readFileSync } from "node:fs";

export type Totals = {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
};

/** What the tests use of the file that vitest's JSON reporter writes. */
type Report = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
};

/**
 * Counts vitest's tests by its report. A run is not taken for good because it says nothing: a file that could not be
 * loaded, an error outside of any test and a run without a test count as a failure each.
 */
export function readVitestTotals(reportFile: string, exitCode: number | null): Totals {
  if (!existsSync(reportFile))
    return { passed: [], failed: ["vitest (it ended before it wrote its report)"], skipped: [] };
  const { testResults } = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (wanted: (status: string) => boolean) =>
    tests.filter(({ status }) => wanted(status)).map(({ fullName }) => fullName);

  const passed = named((status) => status === "passed");
  const failed = named((status) => status === "failed");
  for (const { name, status, assertionResults } of testResults) {
    if (status === "failed" && !assertionResults.some((test) => test.status === "failed")) failed.push(name);
  }
  if (failed.length === 0 && exitCode !== 0) failed.push("vitest (an error outside of any test, or no test at all)");
  if (failed.length === 0 && passed.length === 0) failed.push("vitest (no test was run)");
  return { passed, failed, skipped: named((status) => status !== "passed" && status !== "failed") };
}
