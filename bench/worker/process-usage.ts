import { readFileSync, readdirSync } from "node:fs";

/** CPU time of all threads of a process since its start, in ms. Linux only: elsewhere `undefined`. */
export function readCpuMs(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
}

/** Resident memory of a process in MB. Linux only: elsewhere `undefined`. */
export function readResidentMb(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1000;
}
