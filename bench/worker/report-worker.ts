import { NONE, formatRatio, formatSpread } from "../report/format.ts";
import { type Goal, type Section, type Table, verdict } from "../report/section.ts";
import { type Ratio, median, ratio, spread } from "../statistics.ts";
import { LARGE, MANY, REVALIDATED, SMALL, type Sample, type Samples } from "./cases.ts";

const WORKERS = [SMALL, "bare-small", MANY, LARGE, "bare-large", REVALIDATED, "bare-304"];

/** Against a bare handler, and against the small tenant. */
const BARE_GOAL = 0.8;
const SMALL_GOAL = 0.9;

export function describeSamples(samples: Samples, rounds: number): Pick<Section, "tables" | "notes"> {
  return {
    tables: [compare(samples), list(samples)],
    notes: [
      `Median (quartiles) of ${rounds} rounds, all seven in each, every round beginning with another. Ratios are those of the medians; their quartiles are those of the rounds.`,
      "In workerd itself, without a development server before it: each Worker has a socket of its own. Load comes from autocannon in another process, over 10 connections, so that the latencies are those of a busy server.",
      "The ratio by requests a second is true only where workerd is the slower of the two, busy for most of the time. The one by CPU time is true also on a busy machine.",
      "Each size of page has a bare handler of its own with the same bytes and headers; the last row compares the two ratios: bytes aside.",
    ],
  };
}

function compare(samples: Samples): Table {
  const rps = (key: string) => of(samples, key).map(({ requestsPerSecond }) => requestsPerSecond);
  const perCpu = (key: string) => of(samples, key).map(({ cpuMicroseconds = Number.NaN }) => 1000 / cpuMicroseconds);
  const row = (name: string, atLeast: number, by: (take: (key: string) => number[]) => Ratio) => {
    const goal: Goal = { atLeast };
    const cells = [rps, perCpu].flatMap((take) => {
      const compared = by(take);
      const isKnown = !Number.isNaN(compared.ofMedians);
      return isKnown ? [formatRatio(compared), verdict(compared.ofMedians, goal)] : [NONE, NONE];
    });
    return [name, ...cells];
  };
  return {
    columns: ["throughput", "by requests a second", "goal", "by CPU time", "goal"],
    rows: [
      row(`${SMALL} ÷ bare`, BARE_GOAL, (take) => ratio(take(SMALL), take("bare-small"))),
      row(`${REVALIDATED} ÷ bare`, BARE_GOAL, (take) => ratio(take(REVALIDATED), take("bare-304"))),
      row(`${LARGE} ÷ bare`, BARE_GOAL, (take) => ratio(take(LARGE), take("bare-large"))),
      row(`${MANY} ÷ ${SMALL}`, SMALL_GOAL, (take) => ratio(take(MANY), take(SMALL))),
      row(`${LARGE} ÷ ${SMALL}, each ÷ bare`, SMALL_GOAL, (take) =>
        ratio(quotients(take(LARGE), take("bare-large")), quotients(take(SMALL), take("bare-small"))),
      ),
    ],
  };
}

function list(samples: Samples): Table {
  return {
    columns: ["", "requests a second", "CPU µs a request", "p50 ms", "p99 ms", "workerd busy"],
    rows: WORKERS.map((name) => {
      const taken = of(samples, name);
      const isKnown = taken.every(({ busy }) => busy !== undefined);
      const all = (take: (sample: Sample) => number | undefined) => taken.map((sample) => take(sample) ?? Number.NaN);
      return [
        name,
        formatSpread(spread(all((sample) => sample.requestsPerSecond)), 0),
        isKnown ? formatSpread(spread(all((sample) => sample.cpuMicroseconds)), 0) : NONE,
        median(all((sample) => sample.p50Ms)).toFixed(2),
        median(all((sample) => sample.p99Ms)).toFixed(2),
        isKnown ? `${Math.round(median(all((sample) => sample.busy)) * 100)} %` : NONE,
      ];
    }),
  };
}

function of(samples: Samples, key: string): readonly Sample[] {
  return samples.get(key) ?? [];
}

function quotients(sample: readonly number[], base: readonly number[]): number[] {
  return sample.map((value, round) => value / (base[round] ?? Number.NaN));
}
