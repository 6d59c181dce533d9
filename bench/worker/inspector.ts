import { setTimeout } from "node:timers/promises";
import { within } from "../../test/browser/harness/index.ts";

const TIMEOUT_MS = 30_000;
/** Until the order to collect is certain to be there. */
const WAKE_AFTER_MS = 500;

export type Inspector = {
  /** Heap in use of the isolate in MB, once its garbage is collected. */
  readHeapMb(): Promise<number>;
  close(): void;
};

/**
 * Opens a connection to a Worker's isolate.
 *
 * @param wake makes a request of the Worker: an idle isolate collects its garbage with the next one only
 */
export async function openInspector(address: string, worker: string, wake: () => Promise<unknown>): Promise<Inspector> {
  const socket = new WebSocket(`ws://${address}/${worker}`);
  let lastId = 0;
  await within(once(socket, "open"), { timeoutMs: TIMEOUT_MS, what: "workerd's inspector" });
  await send(socket, ++lastId, "Runtime.enable");
  await send(socket, ++lastId, "HeapProfiler.enable");
  return {
    async readHeapMb() {
      await Promise.all([send(socket, ++lastId, "HeapProfiler.collectGarbage"), setTimeout(WAKE_AFTER_MS).then(wake)]);
      const { usedSize } = (await send(socket, ++lastId, "Runtime.getHeapUsage")) as { usedSize: number };
      return usedSize / 1e6;
    },
    close: () => socket.close(),
  };
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
