import { within } from "../../test/browser/harness/index.ts";

const TIMEOUT_MS = 30_000;

/** Heap in use of one Worker's isolate in MB, once its garbage is collected. */
export async function readHeapMb(inspector: string, worker: string): Promise<number> {
  const socket = new WebSocket(`ws://${inspector}/${worker}`);
  try {
    await within(once(socket, "open"), { timeoutMs: TIMEOUT_MS, what: "workerd's inspector" });
    await send(socket, 1, "HeapProfiler.enable");
    await send(socket, 2, "HeapProfiler.collectGarbage");
    const { usedSize } = (await send(socket, 3, "Runtime.getHeapUsage")) as { usedSize: number };
    return usedSize / 1e6;
  } finally {
    socket.close();
  }
}

function once(socket: WebSocket, event: "open"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(event, () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error(`${socket.url} cannot be reached.`)), { once: true });
  });
}

function send(socket: WebSocket, id: number, method: string): Promise<unknown> {
  const answered = new Promise<unknown>((resolve, reject) => {
    socket.addEventListener("message", function listen({ data }) {
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
      if (answer.id !== id) return;
      socket.removeEventListener("message", listen);
      if (answer.error === undefined) resolve(answer.result);
      else reject(new Error(`${method}: ${answer.error.message}`));
    });
  });
  socket.send(JSON.stringify({ id, method }));
  return within(answered, { timeoutMs: TIMEOUT_MS, what: method });
}
