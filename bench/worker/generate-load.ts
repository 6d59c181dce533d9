import { fork } from "node:child_process";
import path from "node:path";
import { within } from "../../test/browser/harness/index.ts";
import type { LoadOrder, LoadReport } from "./load.ts";

const TIMEOUT_MS = 60_000;

export type LoadGenerator = {
  /** @throws Error when any answer is not what was expected */
  generate(order: LoadOrder): Promise<LoadReport>;
  stop(): void;
};

export function startLoadGenerator(): LoadGenerator {
  const child = fork(path.join(import.meta.dirname, "load-generator.ts"));
  return {
    async generate(order) {
      const answered = new Promise<LoadReport>((resolve, reject) => {
        child.once("message", (report) => resolve(report as LoadReport));
        child.once("exit", () => reject(new Error("The load generator has ended.")));
      });
      child.send(order);
      const report = await within(answered, { timeoutMs: TIMEOUT_MS, what: `the load on ${order.origin}` });
      child.removeAllListeners();
      if (report.failure !== undefined) throw new Error(report.failure);
      return report;
    },
    stop: () => void child.kill(),
  };
}
