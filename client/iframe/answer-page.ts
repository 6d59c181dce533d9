import { decodeHubCookie, type HubCookie } from "../../protocol/hub-cookie.ts";
import {
  type Answer,
  type Connect,
  type FrameState,
  type PageRequest,
  type PageState,
  isPageRequest,
} from "../../protocol/messages.ts";
import { type Standing, answer } from "./answers.ts";
import { chooseSession, digestOf } from "./choose-session.ts";
import { readCookie } from "./cookie-jar.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import type { IframeSettings } from "./serve-page.ts";

export type Connection = {
  readonly port: MessagePort;
  readonly connect: Connect;
  /** The session cookie's name on the hub. */
  readonly cookieName: string;
  /** The visitor came to the page from another trusted domain: there may be a chat to continue. */
  readonly comesFromTrusted: boolean;
  readonly writer: HubCookieWriter;
  readonly createAsking: IframeSettings["createAsking"];
  readonly firstAccess: Promise<Standing>;
  readonly access: () => Promise<Standing>;
};

/** Answers one page's requests, and tells it unasked when there is news. */
export function answerPage(connection: Connection): void {
  const { port, connect, cookieName, comesFromTrusted, writer, firstAccess, access } = connection;
  /** The first finding serves the first request; from then on the browser is asked each time. */
  let found: Promise<Standing> | undefined = firstAccess;
  let isGranted = false;
  /** The hub cookie as the page last heard of it, to notice what others change. */
  let known: string | undefined;
  /** The hub cookie that a popup handed over, for a frame that cannot read it. */
  let handed: HubCookie | undefined;
  /** The page's session, if the hub has had it before: a save without access has nothing to ask the visitor for then. */
  let seen: string | null = null;
  /** A session of the page that the hub has not seen, for a popup to save. */
  let waiting: string | null = null;
  let writes: Promise<void> = Promise.resolve();
  /** A write of this page's own is under way: the change that it makes is no news. */
  let isWriting = false;
  let height = 0;

  const asking = connection.createAsking?.({
    connect,
    waitingSession: () => waiting,
    onResize(pixels) {
      height = pixels;
      tell(false);
    },
    async hasAccess() {
      await currentAccess();
      return isGranted;
    },
    onAccess: () => tell(true),
    onHanded(cookie) {
      handed = cookie;
      tell(true);
    },
  });

  port.onmessage = async ({ data }) => {
    if (isPageRequest(data)) port.postMessage(await answerRequest(data));
  };

  // Another tab, or another site, may have changed the session. Nothing is polled.
  const lookAgain = () => {
    if (isGranted && !isWriting && known !== undefined && currentCookie() !== known) tell(true);
  };
  document.addEventListener("visibilitychange", lookAgain);
  if ("cookieStore" in window) window.cookieStore.addEventListener("change", lookAgain);

  function tell(news: boolean): void {
    port.postMessage({ type: "frame", height, news } satisfies FrameState);
  }

  async function answerRequest(request: PageRequest): Promise<Answer> {
    switch (request.type) {
      case "load":
        return load(request);
      case "save":
        return inTurn(() => write(request.id, request.session));
      case "clear":
        return inTurn(() => write(request.id, null));
      case "card":
        return showCard(request);
      case "test":
        return answer(request.id, await currentAccess());
    }
  }

  async function currentAccess(): Promise<Standing> {
    const standing = await (found ?? access());
    found = undefined;
    isGranted = standing.access === "granted";
    return standing;
  }

  function currentCookie(): string {
    return readCookie(cookieName) ?? "";
  }

  async function load({ id, ...page }: PageState & { readonly id: number }): Promise<Answer> {
    const standing = await currentAccess();
    known = isGranted ? currentCookie() : undefined;
    // Without access the jar is another one: what it holds was never shared, and is nobody's session.
    const choice = await chooseSession(page, known === undefined ? handed : decodeHubCookie(known));
    waiting = choice.owed === "save" ? choice.session : null;
    seen = choice.owed === null ? page.session : null;
    if (!isGranted && connect.card === "auto" && comesFromTrusted && !waiting && !handed) {
      asking?.offer("continue", standing);
    }
    return answer(id, standing, choice);
  }

  async function showCard({ id, show }: { readonly id: number; readonly show: boolean }): Promise<Answer> {
    const standing = await currentAccess();
    if (!show) asking?.withdraw();
    else if (!isGranted) asking?.offer(waiting === null ? "continue" : "save", standing);
    return answer(id, standing);
  }

  /** One write at a time, in the page's order: a session must not overtake the tombstone that follows it. */
  function inTurn(writing: () => Promise<Answer>): Promise<Answer> {
    const written = writes.then(writing);
    writes = written.then(() => {});
    return written;
  }

  /** @param session to save; `null` leaves the tombstone */
  async function write(id: number, session: string | null): Promise<Answer> {
    const standing = await currentAccess();
    waiting = null;
    if (!isGranted) return writeWithoutAccess(id, session, standing);
    isWriting = true;
    try {
      await (session === null
        ? writer.clear(cookieName, connect.name)
        : writer.save(cookieName, connect.name, session));
    } catch (error) {
      return answer(id, standing, { ok: false, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      known = currentCookie();
      isWriting = false;
    }
    // Only what can be read back is kept: browsers drop cookies silently.
    if (!says(decodeHubCookie(known), session)) {
      return answer(id, standing, { ok: false, reason: "The browser did not keep the hub's cookie." });
    }
    return answer(id, standing, { digest: session === null ? null : await digestOf(session) });
  }

  async function writeWithoutAccess(id: number, session: string | null, standing: Standing): Promise<Answer> {
    // A popup has just done it.
    if (says(handed, session)) {
      return answer(id, standing, { ok: true, digest: session === null ? null : await digestOf(session) });
    }
    if (session === seen) return answer(id, standing);
    waiting = session;
    if (session !== null && connect.card === "auto") asking?.offer("save", standing);
    return answer(id, standing);
  }
}

/** Whether the hub cookie holds the session; for `null`, the tombstone. */
function says(cookie: HubCookie | undefined, session: string | null): boolean {
  return session === null ? cookie?.kind === "ended" : cookie?.kind === "session" && cookie.value === session;
}
