import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { type Certificate, HUB_ORIGIN, type Hub, certificate, startHub } from "../test/browser/harness/index.ts";

export const TENANT = "acme";
export const SCRIPT_PATH = "/cookie-provider.min.js";
export const SESSION_PATH = `/t/${TENANT}/session/session`;
export const IFRAME_PATH = `/t/${TENANT}/iframe.html`;

const TIMEOUT_MS = 10_000;

export type HubAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** The hub as it is deployed: the built Worker behind Cloudflare's router for static assets, run by Wrangler. */
export async function startBenchHub(): Promise<{ readonly hub: Hub; readonly tls: Certificate }> {
  const tls = await certificate();
  const domains = ["https://shop-a.test", "https://shop-b.test"];
  return { tls, hub: await startHub(tls, { tenants: { [TENANT]: JSON.stringify(domains) } }) };
}

/** Asks the hub as `https://hub.test`, whatever its port. */
export function askHub(
  { hub, tls }: Awaited<ReturnType<typeof startBenchHub>>,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HubAnswer> {
  const { hostname: host } = new URL(HUB_ORIGIN);
  return new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port: hub.port,
      path,
      servername: host,
      ca: tls.cert,
      agent: false as const,
      headers: { ...headers, host },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const status = incoming.statusCode ?? 0;
        if (status === 200) resolve({ status, headers: incoming.headers, body: Buffer.concat(chunks) });
        else reject(new Error(`The hub answers ${path} with ${status}: ${Buffer.concat(chunks).toString()}`));
      });
    })
      .on("error", reject)
      .end();
  });
}
