/** What the hub is sent, and what comes back. Each way is an event of its own, and may fail. */
import type { Browser } from "./browser.ts";

export type HubRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  /** As the trace calls the sender. */
  readonly sender: string;
  readonly isAlive: () => boolean;
};

/** An answer whose body has arrived. */
export type HubAnswer = { readonly status: number; readonly headers: Headers; readonly body: string };

/** @param receive is given the answer; `isLost`: the browser has seen its headers, and the page gets an error. Nothing: no answer */
export function sendToHub(
  browser: Browser,
  request: HubRequest,
  receive: (answer: HubAnswer | undefined, isLost: boolean) => void,
): void {
  const { scheduler, network } = browser;
  const { method, url, isAlive } = request;
  const what = `${method} ${url.pathname} of ${request.sender}`;

  function comeBack(answer: HubAnswer | undefined): void {
    scheduler.add({
      kind: "network",
      channel: `answer ${browser.nextId()}`,
      label: () => `the answer to ${what} arrives: ${answer?.status ?? "no connection"}`,
      isAlive,
      run: () => receive(answer, false),
      ...(answer &&
        faults({
          "its headers are seen, and the rest is lost": () => receive(answer, true),
          ...(answer.headers.has("Set-Cookie") && {
            "the browser does not keep its cookie": () => receive(withoutCookies(answer), false),
          }),
        })),
    });
  }

  function faults(variants: Record<string, () => void | Promise<void>>) {
    if (network.faultsLeft <= 0) return {};
    const fail = (run: () => void | Promise<void>) => () => {
      network.faultsLeft--;
      return run();
    };
    return { variants: Object.entries(variants).map(([label, run]) => ({ label, run: fail(run) })) };
  }

  scheduler.add({
    kind: "network",
    channel: `request ${browser.nextId()}`,
    label: () => `${what} reaches the hub${request.body === undefined ? "" : `: ${request.body.slice(0, 200)}`}`,
    isAlive,
    run: async () => comeBack(await ask(browser, request)),
    ...faults({
      "it is lost": () => comeBack(undefined),
      "the hub does it, and the answer is lost": async () => {
        await ask(browser, request);
        comeBack(undefined);
      },
    }),
  });
}

async function ask(browser: Browser, { method, url, headers, body }: HubRequest): Promise<HubAnswer> {
  const init = body === undefined ? { method, headers } : { method, headers: withLength(headers, body), body };
  const response = await browser.hub.fetch(new Request(url, init));
  return { status: response.status, headers: response.headers, body: await response.text() };
}

function withoutCookies({ headers, ...answer }: HubAnswer): HubAnswer {
  const kept = new Headers(headers);
  kept.delete("Set-Cookie");
  return { ...answer, headers: kept };
}

/** As browsers send it, and the hub need not count. */
function withLength(headers: Record<string, string>, body: string): Record<string, string> {
  return { ...headers, "Content-Length": String(Buffer.byteLength(body)) };
}
