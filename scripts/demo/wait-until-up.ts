import { get } from "node:http";
import type { WranglerProcess } from "../wrangler/wrangler.ts";

const POLL_MS = 150;
const REQUEST_TIMEOUT_MS = 5000;

/** A cold start on a slow machine takes wrangler well under this. */
const GIVE_UP_MS = 60_000;

/** Waits until a URL answers 200. @throws Error when its process ends first or it takes too long. */
export async function waitUntilUp(
  name: string,
  url: string,
  wrangler: WranglerProcess,
  signal?: AbortSignal,
): Promise<void> {
  let isGone = false;
  void wrangler.exited.then(() => {
    isGone = true;
  });
  const deadline = Date.now() + GIVE_UP_MS;
  while ((await statusOf(url)) !== 200) {
    signal?.throwIfAborted();
    if (isGone) throw new Error(`${name} ended before it answered:\n${wrangler.output()}`);
    if (Date.now() > deadline) throw new Error(`${name} did not answer at ${url}:\n${wrangler.output()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Asks 127.0.0.1 by the URL's name: browsers know that `*.localhost` is loopback, Node's resolver may not. */
function statusOf(url: string): Promise<number | undefined> {
  const { host, port, pathname } = new URL(url);
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: pathname, headers: { Host: host }, timeout: REQUEST_TIMEOUT_MS, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(undefined));
  });
}
