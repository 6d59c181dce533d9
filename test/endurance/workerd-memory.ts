import { readFileSync, readdirSync } from "node:fs";

/** Memory at one time, after a garbage collection. */
export type MemorySample = {
  /** Of the Worker's isolate. */
  readonly heapBytes: number;
  /** Of the whole process, with its simulators of KV and Durable Objects; `undefined` where there is no /proc. */
  readonly processBytes: number | undefined;
};

const TIMEOUT_MS = 30_000;

/**
 * Has workerd collect its garbage, and measures. The connection to the inspector is there for the moment only.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/v8/HeapProfiler/#method-collectGarbage
 */
export async function sampleMemory(inspectorUrl: URL): Promise<MemorySample> {
  const socket = new WebSocket(inspectorUrl);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve, { once: true });
      socket.addEventListener("error", () => reject(new Error(`${inspectorUrl.href} does not answer.`)), {
        once: true,
      });
    });
    await command(socket, 1, "HeapProfiler.collectGarbage");
    const { usedSize } = (await command(socket, 2, "Runtime.getHeapUsage")) as { usedSize: number };
    return { heapBytes: usedSize, processBytes: processBytes() };
  } finally {
    socket.close();
  }
}

function command(socket: WebSocket, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`workerd did not answer ${method}.`)), TIMEOUT_MS);
    socket.addEventListener("message", function listen({ data }) {
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (answer.id !== id) return;
      clearTimeout(timer);
      socket.removeEventListener("message", listen);
      resolve(answer.result);
    });
    socket.send(JSON.stringify({ id, method }));
  });
}

/** Resident memory of the workerd that this process has started. */
function processBytes(): number | undefined {
  if (process.platform !== "linux") return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (status.startsWith("Name:\tworkerd\n") && status.includes(`\nPPid:\t${process.pid}\n`)) {
        return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
      }
    } catch {
      // It has ended in the meantime.
    }
  }
  return undefined;
}
