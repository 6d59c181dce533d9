import { HUB_ORIGIN, type Answer, type Handler, type SiteRequest } from "../../test/browser/harness/index.ts";
import { IFRAME_PATH, SCRIPT_PATH, SESSION_PATH, TENANT, askHub, type startBenchHub } from "../hub.ts";
import { bundleRival, readCrossStorage } from "./rival-files.ts";

export const SESSION_NAME = "session";
export const SESSION = "chat-4711";

export type Contender = {
  readonly name: string;
  /** Address of the script on the hub. */
  readonly script: string;
  /** What the page's head has. */
  readonly head?: string;
  /** What the page says after the script's element. */
  readonly inline: string;
  /** What the hub serves, by path. */
  readonly files: Readonly<Record<string, Answer | Handler>>;
};

/** Ours, what it is measured by, and the others. */
export async function makeContenders(hub: Awaited<ReturnType<typeof startBenchHub>>): Promise<Contender[]> {
  const carryover = ours(hub);
  return [
    carryover,
    { ...carryover, name: `${carryover.name}, ${PRELOADED}`, head: preload(SESSION_PATH) },
    await bare(),
    fetching(),
    { ...fetching(), name: `${fetching().name}, ${PRELOADED}`, head: preload(BARE_SESSION_PATH) },
    crossStorage(),
    await penpal(),
  ];
}

const PRELOADED = "with the preload line";
const BARE_SESSION_PATH = "/bare-session";

function preload(path: string): string {
  return `<link rel="preload" as="fetch" crossorigin="use-credentials" href="${HUB_ORIGIN}${path}">`;
}

/** The bytes and headers of the real Worker, recorded at their first request, and served as quickly as those of the others. */
function ours(hub: Awaited<ReturnType<typeof startBenchHub>>): Contender {
  const recorded = new Map<string, Promise<Answer>>();
  const replay: Handler = ({ url, headers }: SiteRequest) => {
    // What its answers vary on. Each visitor has the same cookie.
    const varied = ["sec-fetch-storage-access", "origin", "sec-fetch-mode", "cookie"];
    const sent = Object.fromEntries(
      varied.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]]] : [])),
    );
    const key = `${url.pathname} ${JSON.stringify(sent)}`;
    let answer = recorded.get(key);
    if (answer === undefined) {
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
    files: { [SCRIPT_PATH]: replay, [IFRAME_PATH]: replay, [SESSION_PATH]: replay, "/v/*": replay },
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

/** The least that could work without a frame, where third-party cookies are allowed; and unsafe: it takes every answer for a session. */
function fetching(): Contender {
  return {
    name: "by hand, one fetch",
    script: "/fetching.js",
    inline: "",
    files: {
      "/fetching.js": script(
        `fetch("${HUB_ORIGIN}${BARE_SESSION_PATH}",{credentials:"include"}).then(e=>e.text()).then(e=>{document.cookie="${SESSION_NAME}="+e+"; Path=/; Secure; SameSite=Lax",arrived(e)});`,
      ),
      [BARE_SESSION_PATH]: ({ headers }) => ({
        headers: {
          "content-type": "text/plain",
          "cache-control": "no-store",
          "access-control-allow-origin": String(headers["origin"]),
          "access-control-allow-credentials": "true",
        },
        body: new RegExp(`(?:^|; )__Host-${TENANT}\\.${SESSION_NAME}=([^;]*)`).exec(headers.cookie ?? "")?.[1] ?? "",
      }),
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
