import type { Special } from "./specials.ts";

/**
 * Sends messages to everybody who listens in a shop with the provider, and resolves when they have been heard. It is sent to the browser as source: it
 * sees nothing of this file.
 *
 * @param everywhere what the page, and the hub's frames, are sent by the page and by a frame of its own
 * @param requests what the hub's frame is sent over the port
 * @param answers what the page is sent over the port, as if by the hub
 */
export async function sendMessages(
  iframeUrl: string,
  everywhere: readonly unknown[],
  requests: readonly unknown[],
  answers: readonly unknown[],
): Promise<void> {
  const revive = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(revive);
    if (typeof value !== "object" || value === null) return value;
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const specials: Record<Special["$special"], unknown> = {
      undefined: undefined,
      NaN: Number.NaN,
      bigint: 7n,
      date: new Date(0),
      map: new Map([["type", "load"]]),
      bytes: new Uint8Array(8),
      error: new Error("sent"),
      cycle,
    };
    if ("$special" in value) return specials[value.$special as Special["$special"]];
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revive(one)]));
  };

  const connected = document.querySelector("iframe");
  const fresh = document.createElement("iframe");
  fresh.src = iframeUrl;
  const stranger = document.createElement("iframe");
  stranger.srcdoc = "<script>addEventListener('message', ({ data }) => parent.postMessage(data, '*'))</script>";
  const loaded = [fresh, stranger].map((frame) => new Promise((resolve) => (frame.onload = resolve)));
  document.body.append(fresh, stranger);
  await Promise.all(loaded);

  for (const message of everywhere.map(revive)) {
    postMessage(message, "*");
    stranger.contentWindow?.postMessage(message, "*");
    for (const frame of [connected, fresh]) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {};
      frame?.contentWindow?.postMessage(message, "*", [port2]);
    }
  }
  // The provider's own came before those that were made here.
  const [port] = ports;
  for (const request of requests.map(revive)) port?.postMessage(request);

  // While the page waits for a session, what looks like the answer would be one.
  const loading = provider.loadCookie();
  for (const answer of answers.map(revive)) {
    const isNumbered = typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "number";
    const data = isNumbered ? { ...answer, id: lastId } : answer;
    port?.dispatchEvent(new MessageEvent("message", { data }));
  }
  await loading;

  // Whoever has heard the last has heard all: the frame answers a test over the port, in order.
  await provider.cookieTest();
  await new Promise((resolve) => setTimeout(resolve, 100));
  ports.length = 1;
  fresh.remove();
  stranger.remove();
}
