import { decodeHubCookie, type HubCookie } from "../../protocol/hub-cookie.ts";
import {
  BLANK_REPORT,
  type Connect,
  type PageRequest,
  type PageState,
  type Report,
  UNASKED,
  isPageRequest,
} from "../../protocol/messages.ts";
import { chooseSession, takeHanded } from "./choose-session.ts";
import { readCookie } from "./cookie-jar.ts";
import type { Handoff } from "./handoff.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { NOTHING_SHARED, digestOf, parseMemory, rememberHandoff } from "./page-memory.ts";
import type { IframeSettings } from "./serve-page.ts";
import type { Standing } from "./standing.ts";

export type Connection = {
  readonly port: MessagePort;
  readonly connect: Connect;
  /** The session cookie's name on the hub. */
  readonly cookieName: string;
  /** The visitor came to the page from another trusted domain: there may be a chat to continue. */
  readonly comesFromTrusted: boolean;
  readonly writer: HubCookieWriter;
  /** None where links do not carry sessions. */
  readonly handoff: Handoff | undefined;
  /** Origins to which they do. */
  readonly links: string;
  /** What the domain of the page's session cookie must end in (`Report.scope`). */
  readonly scope: string;
  readonly countOutcome: IframeSettings["countOutcome"];
  readonly createAsking: IframeSettings["createAsking"];
  readonly firstAccess: Promise<Standing>;
  readonly access: () => Promise<Standing>;
};

/** WebKit may need a moment before a cookie that was written can be read; a chat does not wait for that. */
const SECOND_LOOK_MS = 200;

/** As the hub will have it once a clear is through. */
const TOMBSTONE: HubCookie = { kind: "ended", atSeconds: 0 };

/** What a report says beyond where access stands. */
type News = Partial<Omit<Report, "type" | "access" | "height" | "links" | "scope">>;

/** Answers one page's requests, and tells it unasked when there is news. */
export function answerPage(connection: Connection): void {
  const {
    port,
    connect,
    cookieName,
    comesFromTrusted,
    writer,
    handoff,
    links,
    scope,
    countOutcome,
    firstAccess,
    access,
  } = connection;
  /** The first finding serves the first request; from then on the browser is asked each time. */
  let found: Promise<Standing> | undefined = firstAccess;
  let standing: Standing = BLANK_REPORT;
  /** The hub cookie as the page last heard of it, to notice what others change. */
  let known: string | undefined;
  /** The hub cookie that a popup handed over, for a frame that cannot read it. */
  let handed: HubCookie | undefined;
  /** The page's session, if the hub has had it before: a save without access has nothing to ask the visitor for then. */
  let seen: string | null = "";
  /** A session of the page that the hub has not seen, for a popup to save. */
  let waiting: string | null = null;
  let writes: Promise<unknown> = Promise.resolve();
  /** A write of this page's own is under way: the change that it makes is no news. */
  let isWriting = false;
  /** Clears under way: what they end must not come back by a load that overtakes them. */
  let ending = 0;
  let height = 0;

  const asking = connection.createAsking?.({
    connect,
    waitingSession: () => waiting,
    onResize(pixels) {
      height = pixels;
      report({});
    },
    hasAccess,
    countOutcome,
    onAccess: () => report({ news: true }),
    onHanded(cookie) {
      countOutcome?.("popup");
      handed = cookie;
      report({ news: true });
    },
  });

  port.onmessage = ({ data }) => {
    if (isPageRequest(data)) void answer(data);
  };

  // Another tab, or another site, may have changed the session. Nothing is polled.
  const lookAgain = () => {
    if (isGranted() && !isWriting && known !== undefined && currentCookie() !== known) report({ news: true });
  };
  document.addEventListener("visibilitychange", lookAgain);
  if ("cookieStore" in window) window.cookieStore.addEventListener("change", lookAgain);

  function report(news: News): void {
    port.postMessage({ ...BLANK_REPORT, ...standing, ok: isGranted(), height, links, scope, ...news } satisfies Report);
  }

  async function answer(request: PageRequest): Promise<void> {
    const { id } = request;
    switch (request.type) {
      case "load":
        return load(request);
      case "save":
        return inTurn(() => write(id, request.session));
      case "clear":
        ending++;
        return inTurn(() => write(id, null).finally(() => ending--));
      case "card":
        return showCard(request);
      case "mint":
        return mint(request);
      case "test":
        await hasAccess();
        report({ id });
    }
  }

  async function hasAccess(): Promise<boolean> {
    // It is not taken back while the document lives, and every write is read back.
    if (isGranted()) return true;
    const isFirst = found !== undefined;
    standing = await (found ?? access());
    found = undefined;
    if (isFirst) countOutcome?.(isGranted() ? "granted" : "withheld");
    if (isFirst && !isGranted()) setTimeout(lookForAccess, SECOND_LOOK_MS);
    return isGranted();
  }

  async function lookForAccess(): Promise<void> {
    if (await hasAccess()) report({ news: true });
  }

  function isGranted(): boolean {
    return standing.access === "granted";
  }

  function currentCookie(): string {
    return readCookie(cookieName) ?? "";
  }

  async function load({ id, codes, arrived, session, memory }: Extract<PageRequest, { type: "load" }>): Promise<void> {
    const page: PageState = { session, memory };
    const [carried] = await Promise.all([
      codes && handoff ? takeHanded(page, () => handoff.redeem(codes, arrived)) : page,
      hasAccess(),
    ]);
    known = isGranted() ? currentCookie() : undefined;
    if (carried !== page) countOutcome?.("handoff");
    // Without access the jar is another one: what it holds was never shared, and is nobody's session.
    const isEnding = ending > 0;
    const shared = isEnding ? TOMBSTONE : known === undefined ? handed : decodeHubCookie(known);
    const { owed, ...choice } = await chooseSession(carried, shared);
    waiting = owed === "save" ? choice.session : null;
    seen = owed ? null : carried.session;
    if (!isGranted() && connect.card === "auto" && comesFromTrusted && waiting === null && !handed) {
      asking?.offer("continue", standing);
    }
    // Saved in a popup: the page had left its session to wait for the visitor.
    const saved = !!session && choice.session === session && choice.memory !== memory;
    // Until the clear is through, the page has to remember what it is that has ended.
    report({ id, ...choice, saved, ...(isEnding && { memory: "" }) });
    if (owed && isGranted()) await inTurn(() => write(UNASKED, owed === "save" ? choice.session : null));
  }

  async function mint({ id, session, memory, to }: Extract<PageRequest, { type: "mint" }>): Promise<void> {
    const [code = ""] = await Promise.all([handoff?.mint(session, to), hasAccess()]);
    report({ id, code, memory: code && rememberHandoff(parseMemory(memory), await digestOf(session)) });
  }

  async function showCard({ id, show }: Extract<PageRequest, { type: "card" }>): Promise<void> {
    await hasAccess();
    if (!show) asking?.withdraw();
    else if (!isGranted()) asking?.offer(waiting === null ? "continue" : "save", standing);
    report({ id });
  }

  /** One write at a time, in the page's order: a session must not overtake the tombstone that follows it. */
  function inTurn(writing: () => Promise<void>): Promise<void> {
    const written = writes.then(writing);
    writes = written;
    return written;
  }

  /** @param session to save; `null` leaves the tombstone */
  async function write(id: number, session: string | null): Promise<void> {
    waiting = null;
    if (!(await hasAccess())) return writeWithoutAccess(id, session);
    isWriting = true;
    try {
      await (session === null
        ? writer.clear(cookieName, connect.name)
        : writer.save(cookieName, connect.name, session));
    } catch (error) {
      return report({ id, ok: false, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      known = currentCookie();
      isWriting = false;
    }
    // Only what can be read back is kept: browsers drop cookies silently.
    if (!says(decodeHubCookie(known), session)) {
      return report({ id, ok: false, reason: "The browser did not keep the hub's cookie." });
    }
    await confirm(id, session);
  }

  async function writeWithoutAccess(id: number, session: string | null): Promise<void> {
    // A popup has just done it.
    if (says(handed, session)) return confirm(id, session);
    if (session !== seen) {
      waiting = session;
      if (session !== null && connect.card === "auto") asking?.offer("save", standing);
    }
    report({ id });
  }

  /** The hub cookie holds the session, or the tombstone. */
  async function confirm(id: number, session: string | null): Promise<void> {
    const memory = session === null ? NOTHING_SHARED : await digestOf(session);
    report({ id, ok: true, memory, saved: session !== null });
  }
}

/** Whether the hub cookie holds the session; for `null`, the tombstone. */
function says(cookie: HubCookie | undefined, session: string | null): boolean {
  return session === null ? cookie?.kind === "ended" : cookie?.kind === "session" && cookie.value === session;
}
