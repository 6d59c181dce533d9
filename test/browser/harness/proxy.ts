import { createServer, request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { listen } from "./listen.ts";

/** What becomes of connections to a host. */
export type Route =
  /** Goes to a TLS port of 127.0.0.1. With `delayMs` everything that comes back, TLS handshake included, comes that much later. */
  | { to: "port"; port: number; delayMs?: number }
  /** No connection: the browser sees the network error of a dead host. */
  | { to: "nowhere" }
  /** A connection that is accepted and never answered. */
  | { to: "silence" };

export interface Proxy {
  port: number;
  /**
   * Sends a host (`hub.test`, or `hub.test:8443` where the port is not 443) somewhere else from now on, and cuts the
   * connections it has: a browser would otherwise go on using them.
   */
  route(host: string, route: Route): void;
  /** Authorities outside `*.test` that a browser asked for, and was refused. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

/**
 * A forward proxy that gives real host names to local servers, without a hosts file, DNS or port 443.
 * Whatever is not a `*.test` name is answered 502, so that nothing leaves the machine.
 */
export async function startProxy(sites: { port: number; httpPort: number }): Promise<Proxy> {
  const routes = new Map<string, Route>();
  const open = new Map<string, Set<Socket>>();
  const refused: string[] = [];

  const server = createServer((incoming, outgoing) => {
    // Plain http comes in absolute form instead of CONNECT.
    const url = URL.canParse(incoming.url ?? "") ? new URL(incoming.url ?? "") : undefined;
    if (url === undefined || !isTestName(url.hostname)) {
      refused.push(url?.host ?? String(incoming.url));
      outgoing.writeHead(502).end();
      return;
    }
    const forwarded = httpRequest(
      {
        host: "127.0.0.1",
        port: sites.httpPort,
        method: incoming.method,
        path: url.pathname + url.search,
        headers: { ...incoming.headers, host: url.host },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });

  server.on("connect", (incoming, client: Socket, head: Buffer) => {
    client.on("error", () => client.destroy());
    const authority = incoming.url ?? "";
    const host = authority.replace(/:443$/, "");
    if (!isTestName(host.replace(/:\d+$/, ""))) {
      refused.push(authority);
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const route = routes.get(host) ?? { to: "port", port: sites.port };
    remember(host, client);
    switch (route.to) {
      case "nowhere":
        client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        return;
      case "silence":
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        client.resume();
        return;
      case "port":
        tunnel(client, head, route);
    }
  });

  function remember(host: string, socket: Socket): void {
    let sockets = open.get(host);
    if (sockets === undefined) open.set(host, (sockets = new Set()));
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  }

  const listening = await listen(server);
  return {
    port: listening.port,
    refused,
    route(host, route) {
      routes.set(host, route);
      for (const socket of open.get(host) ?? []) socket.destroy();
    },
    close: listening.close,
  };
}

function tunnel(client: Socket, head: Buffer, { port, delayMs = 0 }: { port: number; delayMs?: number }): void {
  const upstream = connect(port, "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    upstream.write(head);
    client.pipe(upstream);
    if (delayMs === 0) {
      upstream.pipe(client);
      return;
    }
    // Timers of one length fire in the order they were set, so the bytes keep theirs.
    upstream.on("data", (chunk: Buffer) => setTimeout(() => client.writable && client.write(chunk), delayMs));
    upstream.on("end", () => setTimeout(() => client.end(), delayMs));
  });
  upstream.on("error", () => client.destroy());
  client.on("close", () => upstream.destroy());
}

function isTestName(hostname: string): boolean {
  return /^([a-z0-9-]+\.)+test\.?$/i.test(hostname);
}
