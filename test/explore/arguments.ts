import { parseArgs } from "node:util";
import { INVARIANTS, type Invariant } from "./check/violation.ts";

export type Arguments = {
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number;
  readonly mode: "random" | "dfs" | "mutants" | "replay";
  readonly token: string;
  readonly ignored: ReadonlySet<Invariant>;
};

const DEFAULT_SECONDS = 60;
const SHORT_SECONDS = 20;

export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string" },
      seconds: { type: "string" },
      seed: { type: "string", default: "1" },
      ignore: { type: "string", default: "" },
      dfs: { type: "boolean" },
      mutants: { type: "boolean" },
      short: { type: "boolean" },
      replay: { type: "string" },
    },
  });
  const seconds = values.short ? SHORT_SECONDS : values.runs === undefined ? DEFAULT_SECONDS : Infinity;
  return {
    runs: Number(values.runs ?? Infinity),
    seconds: Number(values.seconds ?? seconds),
    seed: Number(values.seed),
    mode: values.replay === undefined ? (values.mutants ? "mutants" : values.dfs ? "dfs" : "random") : "replay",
    token: values.replay ?? "",
    ignored: new Set(values.ignore.split(",").filter(isInvariant)),
  };
}

function isInvariant(text: string): text is Invariant {
  return Object.hasOwn(INVARIANTS, text);
}
