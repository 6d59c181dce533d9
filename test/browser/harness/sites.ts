import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Certificate } from "./certificate.ts";
import { listen } from "./listen.ts";

/** A request as a handler gets it. */
export interface SiteRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}

export interface Answer {
  /** Default 200. */
  status?: number;
  /** An array sends the header several times. Default `content-type: text/html; charset=utf-8`, `cache-control: no-store`. */
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
}

export type Handler = (request: SiteRequest) => Answer | Promise<Answer>;

/** What the log keeps of a request: what a browser decides to send, not all it sends. */
export interface LoggedRequest {
  method: string;
  /** Path and query. */
  path: string;
  scheme: "http" | "https";
  headers: Partial<Record<(typeof LOGGED_HEADERS)[number], string>>;
}

const LOGGED_HEADERS = [
  "cookie",
  "origin",
  "referer",
  "user-agent",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "sec-fetch-storage-access",
  "ping-to",
  "ping-from",
  "if-none-match",
] as const;

export interface Sites {
  /** TLS port on 127.0.0.1; every `*.test` name comes here unless the proxy is told otherwise. */
  port: number;
  /** The same sites over plain http. */
  httpPort: number;
  /**
   * Puts an answer or a handler at a path of a host; the query plays no part. A path ending in `*` matches every longer one,
   * the longest match wins, and serving a path again replaces it.
   */
  serve(host: string, path: string, answer: Answer | Handler): void;
  /** The requests a host has had, oldest first (`/favicon.ico` left out). */
  log(host: string): readonly LoggedRequest[];
  /** Forgets the log of every host, and what is served stays. */
  clearLog(): void;
  /** Forgets what is served, and the log. */
  reset(): void;
  close(): Promise<void>;
}

/** Serves the test sites, told apart by host name, from one TLS and one plain port on the loopback interface. */
export async function startSites(tls: Certificate): Promise<Sites> {
  const routes = new Map<string, Map<string, Handler>>();
  const logs = new Map<string, LoggedRequest[]>();

  const listener =
    (scheme: "http" | "https"): RequestListener =>
    (incoming, outgoing) => {
      answerRequest(scheme, incoming).then(
        (answer) => send(outgoing, answer),
        (error: unknown) =>
          send(outgoing, {
            status: 500,
            headers: { "content-type": "text/plain" },
            body: String(error),
          }),
      );
    };
  const secure = await listen(createHttpsServer({ key: tls.key, cert: tls.cert }, listener("https")));
  const plain = await listen(createHttpServer(listener("http")));

  async function answerRequest(scheme: "http" | "https", incoming: IncomingMessage): Promise<Answer> {
    const url = new URL(incoming.url ?? "/", `${scheme}://${incoming.headers.host ?? "unknown.test"}`);
    if (url.pathname === "/favicon.ico") return { status: 204 };
    const headers = singleHeaders(incoming);
    logOf(url.host).push({
      method: incoming.method ?? "GET",
      path: url.pathname + url.search,
      scheme,
      headers: pickLogged(headers),
    });
    const handler = match(routes.get(url.host), url.pathname);
    if (handler === undefined)
      return {
        status: 404,
        headers: { "content-type": "text/plain" },
        body: `Nothing is served at ${url.href}`,
      };
    return handler({
      method: incoming.method ?? "GET",
      url,
      headers,
      body: await readBody(incoming),
    });
  }

  function logOf(host: string): LoggedRequest[] {
    let log = logs.get(host);
    if (log === undefined) logs.set(host, (log = []));
    return log;
  }

  return {
    port: secure.port,
    httpPort: plain.port,
    serve(host, path, answer) {
      let paths = routes.get(host);
      if (paths === undefined) routes.set(host, (paths = new Map()));
      paths.set(path, typeof answer === "function" ? answer : () => answer);
    },
    log: (host) => [...(logs.get(host) ?? [])],
    clearLog: () => logs.clear(),
    reset() {
      logs.clear();
      routes.clear();
    },
    async close() {
      await Promise.all([secure.close(), plain.close()]);
    },
  };
}

function match(paths: ReadonlyMap<string, Handler> | undefined, pathname: string): Handler | undefined {
  const exact = paths?.get(pathname);
  if (exact !== undefined || paths === undefined) return exact;
  const [longest] = [...paths.keys()]
    .filter((path) => path.endsWith("*") && pathname.startsWith(path.slice(0, -1)))
    .toSorted((a, b) => b.length - a.length);
  return longest === undefined ? undefined : paths.get(longest);
}

function singleHeaders(incoming: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function pickLogged(headers: Record<string, string | undefined>): LoggedRequest["headers"] {
  const picked: LoggedRequest["headers"] = {};
  for (const name of LOGGED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body = "" }: Answer): void {
  outgoing.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    ...headers,
  });
  outgoing.end(body);
}
