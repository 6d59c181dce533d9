import { HUB_ORIGIN, type Answer, type Handler, type SiteRequest } from "../../test/browser/harness/index.ts";
import { IFRAME_PATH, SCRIPT_PATH, askHub, type startBenchHub } from "../hub.ts";
import { bundleRival, readCrossStorage } from "./rival-files.ts";

export const SESSION_NAME = "session";
export const SESSION = "chat-4711";

export type Contender = {
  readonly name: string;
  /** Address of the script on the hub. */
  readonly script: string;
  /** What the page says after the script's element. */
  readonly inline: string;
  /** What the hub serves, by path. */
  readonly files: Readonly<Record<string, Answer | Handler>>;
};

/** Ours first, then what it is measured by, then the others. */
export async function makeContenders(hub: Awaited<ReturnType<typeof startBenchHub>>): Promise<Contender[]> {
  return [ours(hub), await bare(), crossStorage(), await penpal()];
}

/** The bytes and headers of the real Worker, recorded at their first request, and served as quickly as those of the others. */
function ours(hub: Awaited<ReturnType<typeof startBenchHub>>): Contender {
  const recorded = new Map<string, Promise<Answer>>();
  const replay: Handler = ({ url, headers }: SiteRequest) => {
    // What the iframe page varies on.
    const storageAccess = headers["sec-fetch-storage-access"];
    const key = `${url.pathname} ${storageAccess}`;
    let answer = recorded.get(key);
    if (answer === undefined) {
      const sent = storageAccess === undefined ? {} : { "sec-fetch-storage-access": storageAccess };
      answer = askHub(hub, url.pathname, sent).then(({ headers, body }) => ({ headers: endToEnd(headers), body }));
      recorded.set(key, answer);
    }
    return answer;
  };
  return {
    name: "Carryover",
    script: SCRIPT_PATH,
    inline: `new CookieProvider(${JSON.stringify(SESSION_NAME)}, ${JSON.stringify(HUB_ORIGIN + IFRAME_PATH)}).loadCookie().then(arrived);`,
    // What comes once the session is there must be found as well: links.mjs.
    files: { [SCRIPT_PATH]: replay, [IFRAME_PATH]: replay, "/v/*": replay },
  };
}

/** Without those of one connection. */
function endToEnd(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string | string[]> {
  const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || hopByHop.has(name) ? [] : [[name, value]],
    ),
  );
}

async function bare(): Promise<Contender> {
  return {
    name: "by hand, unsafe",
    script: "/bare.js",
    inline: "",
    files: {
      "/bare.js": script(await bundleRival("bare-page.ts")),
      "/bare.html": framed(await bundleRival("bare-iframe.ts")),
    },
  };
}

async function penpal(): Promise<Contender> {
  return {
    name: "penpal",
    script: "/penpal.js",
    inline: "",
    files: {
      "/penpal.js": script(await bundleRival("penpal-page.ts")),
      "/penpal.html": framed(await bundleRival("penpal-iframe.ts")),
    },
  };
}

function crossStorage(): Contender {
  // The storage belongs to hub and shop together, and a fresh profile has none: nobody but this page could fill it beforehand.
  const fill = `localStorage.setItem(${JSON.stringify(SESSION_NAME)}, ${JSON.stringify(SESSION)});`;
  const permissions = `[{ origin: /^https:\\/\\/shop-[ab]\\.test$/, allow: ["get"] }]`;
  return {
    name: "cross-storage",
    script: "/cross-storage.js",
    inline: `
      const storage = new CrossStorageClient("${HUB_ORIGIN}/cross-storage.html");
      storage.onConnect().then(() => storage.get(${JSON.stringify(SESSION_NAME)})).then((session) => {
        document.cookie = "${SESSION_NAME}=" + session + "; Path=/; Secure; SameSite=Lax";
        arrived(session);
      });`,
    files: {
      "/cross-storage.js": script(readCrossStorage("client")),
      "/cross-storage.html": framed(`${readCrossStorage("hub")};${fill}CrossStorageHub.init(${permissions});`),
    },
  };
}

// Kept by the browser for as long as ours.

function script(body: string): Answer {
  return {
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "public, max-age=300" },
    body,
  };
}

function framed(script: string): Answer {
  return {
    headers: { "cache-control": "private, max-age=30, must-revalidate" },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hub</title></head><body><script>${script}</script></body></html>`,
  };
}
