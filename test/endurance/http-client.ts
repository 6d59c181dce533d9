import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** The hub's own origin, as it is told by the `Host` header and worker/as-https.ts. */
export const HUB = "https://hub.test";

/** Headers of a request that the hub's own page makes. */
export const OWN_PAGE = { Origin: HUB, "Sec-Fetch-Site": "same-origin", "User-Agent": "Browser/1" } as const;

export type Asked = {
  readonly method?: string;
  /** As it goes out, with its query: nothing is put right. */
  readonly path: string;
  /** The `Host` header. Default: the hub's own. */
  readonly host?: string;
  /** Names may come more than once. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array | undefined;
};

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

export type Client = {
  /** Rejects when the connection breaks off: a hub in good health answers everything. */
  ask(asked: Asked): Promise<Answer>;
  close(): void;
};

/** Speaks http with a port of 127.0.0.1, on connections that are kept. `fetch` would mend what it is given. */
export function createClient(port: number): Client {
  const agent = new Agent({ keepAlive: true });
  return {
    ask: ({ method = "GET", path, host = new URL(HUB).host, headers = [], body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))];
        const outgoing = request(
          {
            agent,
            host: "127.0.0.1",
            port,
            method,
            path,
            headers: ["Host", host, ...headers.flat(), ...length],
          },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
            incoming.on("error", reject);
            incoming.on("end", () =>
              resolve({
                status: incoming.statusCode ?? 0,
                headers: incoming.headers,
                text: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        outgoing.on("error", reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
