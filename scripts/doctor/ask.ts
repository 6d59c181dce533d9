import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns";
import { type IncomingMessage, get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { type Result, failure, success } from "../../protocol/result.ts";
import { VERSION } from "./version.ts";

export type Answer = {
  readonly url: URL;
  readonly status: number;
  /** A header that came several times is one, joined by commas. */
  readonly headers: Headers;
  readonly body: Buffer;
};

/** For one request, its body included. */
export const TIMEOUT_MS = 10_000;

const MAX_BODY_BYTES = 2_000_000;

const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync };

/** Asks once, without following redirects and without any secret. The reason of a failure is a sentence. */
export function ask(url: URL): Promise<Result<Answer>> {
  return new Promise((resolve) => {
    const get = url.protocol === "https:" ? getSecure : getPlain;
    const headers = {
      Accept: "*/*",
      // Some servers encode all the same.
      "Accept-Encoding": "identity",
      "User-Agent": `carryover-doctor/${VERSION}`,
    };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const fail = (error: Error) => resolve(failure(`${url.href} ${describeError(error)}.`));
    get(url, { headers, signal, agent: false, lookup }, (incoming) => {
      readAnswer(url, incoming).then((answer) => resolve(success(answer)), fail);
    }).once("error", fail);
  });
}

/** Browsers know that `*.localhost` is loopback; the system's resolver may not. */
export function lookup(
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  systemLookup(hostname.endsWith(".localhost") ? "localhost" : hostname, options, callback);
}

async function readAnswer(url: URL, incoming: IncomingMessage): Promise<Answer> {
  const body = await readBody(incoming);
  return { url, status: incoming.statusCode ?? 0, headers: readHeaders(incoming.rawHeaders), body };
}

function readHeaders(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) headers.append(raw[index] ?? "", raw[index + 1] ?? "");
  return headers;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError();
  }
  const body = Buffer.concat(chunks);
  const encoding = incoming.headers["content-encoding"]?.trim().toLowerCase();
  const decode = encoding === "br" || encoding === "gzip" || encoding === "deflate" ? DECODERS[encoding] : undefined;
  return decode && body.length > 0 ? decode(body, { maxOutputLength: MAX_BODY_BYTES }) : body;
}

/** The end of a sentence about a server. */
function describeError(error: NodeJS.ErrnoException): string {
  if (error instanceof RangeError) return `is larger than ${MAX_BODY_BYTES / 1_000_000} MB`;
  switch (error.code) {
    case "ABORT_ERR":
    case "ETIMEDOUT":
      return `did not answer within ${TIMEOUT_MS / 1000} s`;
    case "ENOTFOUND":
      return "cannot be found: its name does not resolve";
    case "EAI_AGAIN":
      return "cannot be found: the name servers do not answer";
    case "ECONNREFUSED":
      return "cannot be reached: the connection is refused";
    case "ECONNRESET":
      return "cannot be reached: the connection broke off";
    default:
      return `cannot be reached: ${error.message || error.code || error.name}`;
  }
}
