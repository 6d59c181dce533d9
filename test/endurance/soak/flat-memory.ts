import type { Promises } from "../promises.ts";
import { type MemorySample, sampleMemory } from "../workerd-memory.ts";
import { pause } from "./bad-day.ts";

/** How far the last third of a run may be above the middle one before it counts as growth. The first third fills the caches. */
const HEAP_TOLERANCE = 0.1;
const PROCESS_TOLERANCE = 0.2;

/** Shorter runs are too busy filling the hub's memory of tenants: they tell their figures, and are not judged. */
const MIN_JUDGED_MS = 180_000;

const SAMPLES = 30;
const MIN_SAMPLES = 9;

export type MemoryWatch = {
  /** Ends the watching, and tells its findings. */
  end(promises: Promises): Promise<readonly (readonly [what: string, figure: string])[]>;
};

/** Samples memory at even times of a run. */
export function watchMemory(inspectorUrl: URL, durationMs: number): MemoryWatch {
  const samples: MemorySample[] = [];
  const ended = new AbortController();
  async function run(): Promise<void> {
    for (;;) {
      await pause(durationMs / SAMPLES, ended.signal);
      if (ended.signal.aborted) return;
      samples.push(await sampleMemory(inspectorUrl));
    }
  }
  const running = run();
  return {
    async end(promises) {
      ended.abort();
      await running;
      const heap = thirds(samples.map(({ heapBytes }) => heapBytes));
      const process = thirds(samples.flatMap(({ processBytes }) => processBytes ?? []));
      const judged = [
        ["heap of the isolate", heap, HEAP_TOLERANCE],
        ["memory of workerd", process, PROCESS_TOLERANCE],
      ] as const;
      return judged.flatMap(([what, means, tolerance]) => {
        if (!means) return [];
        const [first, middle, last] = means;
        const figure = `${megabytes(first)}, ${megabytes(middle)}, ${megabytes(last)} MB`;
        if (durationMs >= MIN_JUDGED_MS && last > middle * (1 + tolerance))
          promises.broken("memory stays flat", `${what}: ${figure}`);
        return [[`${what}, by thirds of the run`, figure] as const];
      });
    },
  };
}

/** The mean of each third; `undefined` for too few samples. */
function thirds(samples: readonly number[]): readonly [number, number, number] | undefined {
  if (samples.length < MIN_SAMPLES) return undefined;
  const mean = (from: number, to: number) => {
    const part = samples.slice(Math.floor(samples.length * from), Math.floor(samples.length * to));
    return part.reduce((sum, one) => sum + one, 0) / part.length;
  };
  return [mean(0, 1 / 3), mean(1 / 3, 2 / 3), mean(2 / 3, 1)];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
