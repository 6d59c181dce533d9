import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer, request } from "node:https";
import type { Certificate } from "../../browser/harness/certificate.ts";
import { type Listening, listen } from "../../browser/harness/listen.ts";

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

/** A server before the hub, as a proxy that spoils answers would be: over plain http, or with a certificate. */
export function startHubFront(
  hubPort: number,
  spoil: (path: string, answer: Answer) => void,
  tls?: Certificate,
): Promise<Listening> {
  const answerRequest: RequestListener = (incoming, outgoing) => {
    const path = incoming.url ?? "/";
    // The hub's certificate is nobody's concern here.
    request({ host: "127.0.0.1", port: hubPort, path, rejectUnauthorized: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { "transfer-encoding": _, "content-length": __, ...headers } = response.headers;
        const answer: Answer = { status: response.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
        spoil(path, answer);
        outgoing.writeHead(answer.status, answer.headers).end(answer.body);
      });
    }).end();
  };
  return listen(
    tls ? createSecureServer({ key: tls.key, cert: tls.cert }, answerRequest) : createServer(answerRequest),
  );
}
