/** Pages of the hub in frames: asked of the Worker, taken apart, and run. */
import type { Browser } from "./browser.ts";
import { type BrowsingContext, labelOf } from "./browsing-context.ts";
import { type Compiled, compileScript } from "./compile.ts";
import { createDocument, unloadDocument } from "./documents.ts";
import { GLOBAL_NAMES, createGlobals } from "./globals.ts";
import { attempt } from "./events.ts";
import { type HubAnswer, sendToHub } from "./requests.ts";
import { domainMatches } from "./sites.ts";
import { storageAccessHeader } from "./storage-access-header.ts";

type HubPage = { readonly texts: ReadonlyMap<string, string>; readonly scripts: readonly Compiled[] };

const pages = new Map<string, HubPage>();
const compiled = new Map<string, Compiled>();

/** Loads a page of the hub into a frame. Access that its document has had stays, as browsers let it where a frame reloads itself. */
export function requestHubPage(browser: Browser, context: BrowsingContext, url: URL): void {
  const { engine } = browser;
  const { embedder } = context;
  if (!embedder) throw new Error("Pages of the hub are simulated in frames only.");
  const hadAccess = context.document?.hasStorageAccess ?? false;
  const request = {
    method: "GET",
    url,
    headers: {
      "User-Agent": engine.userAgent,
      "Sec-Fetch-Dest": "iframe",
      "Sec-Fetch-Mode": "navigate",
      "Sec-Fetch-Site": "cross-site",
      ...storageAccessHeader(engine, "frame", hadAccess),
    },
    body: undefined,
    sender: `the frame on ${labelOf(embedder)}`,
    isAlive: () => !context.isClosed,
  };
  sendToHub(browser, request, (answer, isLost) => {
    unloadDocument(browser, context);
    if (answer && !isLost && (browser.ignoresFrameAncestors || mayEmbed(answer, embedder.url))) show(answer);
    scheduleLoadEvent();
  });

  function show(answer: HubAnswer): void {
    const page = readPage(answer.body);
    const isActivated =
      answer.headers.get("Activate-Storage-Access") === "load" && engine.hasHeaders && engine.isGranted;
    const document = createDocument(browser, context, {
      url,
      referrer: "",
      hasStorageAccess: hadAccess || isActivated,
      texts: page.texts,
    });
    const globals = createGlobals(browser, document);
    for (const run of page.scripts) attempt(() => run(globals));
  }

  /** For error pages, too. */
  function scheduleLoadEvent(): void {
    browser.scheduler.add({
      kind: "local",
      channel: `load event ${context.id}`,
      label: () => `${labelOf(embedder ?? context.document!)} hears that its frame has loaded`,
      isAlive: () => embedder?.isAlive === true && !context.isClosed,
      run: () => void context.element?.dispatchEvent({ type: "load" }),
    });
  }
}

/** `frame-ancestors` of the Content-Security-Policy: origins, with `*.` for any subdomain. */
function mayEmbed({ headers }: HubAnswer, embedder: URL): boolean {
  const policy = headers.get("Content-Security-Policy") ?? "";
  const sources = /frame-ancestors ([^;]*)/.exec(policy)?.[1]?.split(" ");
  return sources === undefined || sources.some((source) => matchesSource(source, embedder));
}

function matchesSource(source: string, { origin, host }: URL): boolean {
  const [scheme, wildcard] = source.split("*.");
  return wildcard === undefined
    ? source === origin
    : origin.startsWith(scheme ?? "") && host !== wildcard && domainMatches(host, wildcard);
}

function readPage(html: string): HubPage {
  const known = pages.get(html) ?? parsePage(html);
  pages.set(html, known);
  return known;
}

function parsePage(html: string): HubPage {
  const texts = new Map<string, string>();
  const scripts: Compiled[] = [];
  for (const [, attributes = "", text = ""] of html.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
    const id = /\bid="([^"]*)"/.exec(attributes)?.[1];
    if (id !== undefined) texts.set(id, text);
    if (!attributes.includes("json")) scripts.push(compileOnce(text));
  }
  return { texts, scripts };
}

function compileOnce(text: string): Compiled {
  const script = compiled.get(text) ?? compileScript(text, GLOBAL_NAMES, "iframe.js");
  compiled.set(text, script);
  return script;
}
