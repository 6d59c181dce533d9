import { parseArgs } from "node:util";

export type Arguments = {
  readonly mode: "random" | "dfs" | "mutants" | "short" | "replay";
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number;
  /** Processes. */
  readonly jobs: number;
  /** Of a depth-first search. */
  readonly deviations: number;
  readonly token: string;
  readonly isShort: boolean;
  /** Only mutants whose name has this in it. */
  readonly only: string;
  readonly ignored: readonly string[];
  /** What other processes of the same search are to be told besides their share. */
  readonly flags: readonly string[];
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
      jobs: { type: "string", default: "1" },
      deviations: { type: "string", default: "1" },
      ignore: { type: "string", default: "" },
      dfs: { type: "boolean" },
      mutants: { type: "boolean" },
      short: { type: "boolean" },
      replay: { type: "string" },
      only: { type: "string", default: "" },
    },
  });
  const seconds = values.short ? SHORT_SECONDS : values.runs === undefined ? DEFAULT_SECONDS : Infinity;
  return {
    mode: modeOf(values),
    runs: Number(values.runs ?? Infinity),
    seconds: Number(values.seconds ?? seconds),
    seed: Number(values.seed),
    jobs: Number(values.jobs),
    deviations: Number(values.deviations),
    token: values.replay ?? "",
    isShort: values.short === true,
    only: values.only,
    ignored: values.ignore.split(",").filter(Boolean),
    flags: values.ignore === "" ? [] : ["--ignore", values.ignore],
  };
}

function modeOf(values: { replay?: string; mutants?: boolean; dfs?: boolean; short?: boolean }): Arguments["mode"] {
  if (values.replay !== undefined) return "replay";
  if (values.mutants) return "mutants";
  if (values.dfs) return "dfs";
  return values.short ? "short" : "random";
}
