/** Tells a failing run: what is broken, each step, and how to see it again. */
import { RULES } from "../check/violation.ts";
import { type Subject, runWorld } from "../run-world.ts";
import { type Run, followDeviations, toToken } from "./run.ts";

const MAX_LINE = 240;

/** @returns lines */
export async function tell(subject: Subject, run: Run): Promise<string[]> {
  const { spec, deviations } = run;
  const trace: string[] = [];
  const note = (line: string) => trace.push(line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line);
  const { violation } = await runWorld(subject, spec, followDeviations(deviations), note);
  const { tabs, ...world } = spec;
  return [
    violation ? `${violation.rule}, ${RULES[violation.rule]}: ${violation.what}` : "No violation.",
    `world: ${JSON.stringify(world)}`,
    ...tabs.map((actions, index) => `tab ${index + 1}: ${actions.join(", ")}`),
    ...trace,
    `replay: npm run explore -- --replay ${toToken(run)}`,
  ];
}
