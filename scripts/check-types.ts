/** `npm run types`: the compiler over every project. Each folder has one, so that browser, Worker and Node types do not meet. */
import { globSync } from "node:fs";
import path from "node:path";
import { runCommand } from "./test/run-command.ts";

const ROOT = path.join(import.meta.dirname, "..");
const TIMEOUT_MS = 120_000;

// The tsconfig.json at the top is what the others extend.
const projects = globSync("*/**/tsconfig.json", { cwd: ROOT, exclude: ["node_modules", "**/dist"] }).toSorted();
const failed: string[] = [];
for (const project of projects) {
  const { exitCode } = await runCommand(["tsc", "-p", project], { env: process.env, timeoutMs: TIMEOUT_MS });
  console.log(`${exitCode === 0 ? "ok    " : "FAILED"} ${path.dirname(project)}`);
  if (exitCode !== 0) failed.push(project);
}
process.exitCode = failed.length === 0 && projects.length > 0 ? 0 : 1;
