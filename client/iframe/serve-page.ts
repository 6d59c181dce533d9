import { hubCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import {
  type Answer,
  type Hello,
  type PageState,
  REFUSAL_ID,
  isConnect,
  isPageRequest,
} from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { chooseSession, digestOf } from "./choose-session.ts";
import { probeCookies, readCookie } from "./cookie-jar.ts";
import { type Standing, findAccess } from "./storage-access.ts";

/** How this hub writes its cookies: through the Worker, or itself where there is none. */
export type HubCookieWriter = {
  /** Puts the session in the hub cookie. */
  save(cookieName: string, name: string, value: string): Promise<void>;
  /** Puts a tombstone in the hub cookie. */
  clear(cookieName: string, name: string): Promise<void>;
};

export type IframeSettings = {
  readonly tenant: string;
  readonly trustedOrigins: readonly TrustedOrigin[];
  readonly storageAccess: StorageAccessHeader;
  readonly writer: HubCookieWriter;
};

/**
 * The iframe's side of the exchange that protocol/messages.ts describes: says hello, takes one connection from a trusted
 * parent, and answers its requests.
 */
export function servePage(settings: IframeSettings): void {
  const secure = location.protocol === "https:";
  const access = () =>
    findAccess(settings.storageAccess, () => probeCookies(hubCookieName(secure, settings.tenant, "")));
  // Begun before anybody asks: it tells nobody anything, and the first load need not wait for it.
  const firstAccess = access();
  let connected = false;

  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || connected || !isConnect(data) || !port) return;
    if (!isTrustedOrigin(origin, settings.trustedOrigins)) {
      const reason = `The hub does not trust ${origin}: add it to TRUSTED_DOMAINS.`;
      send(port, answer(REFUSAL_ID, { access: "untrusted", reason }, {}));
      return;
    }
    connected = true;
    answerRequests(
      port,
      data.name,
      hubCookieName(secure, settings.tenant, data.name),
      settings.writer,
      firstAccess,
      access,
    );
  });

  // To whoever embeds this page: the message holds no secret, and the parent's origin is not known yet.
  parent.postMessage({ type: "carryover:hello" } satisfies Hello, "*");
}

function answerRequests(
  port: MessagePort,
  name: string,
  cookieName: string,
  writer: HubCookieWriter,
  firstAccess: Promise<Standing>,
  access: () => Promise<Standing>,
): void {
  let standing: Promise<Standing> | undefined = firstAccess;
  let writes: Promise<void> = Promise.resolve();

  port.onmessage = async ({ data }) => {
    if (!isPageRequest(data)) return;
    if (data.type === "save") await inTurn(() => write(data.id, data.session));
    else if (data.type === "clear") await inTurn(() => write(data.id, null));
    else if (data.type === "load") send(port, await load(data));
    else send(port, await test(data.id));
  };

  async function currentAccess(): Promise<Standing> {
    const found = standing ?? access();
    standing = undefined;
    return found;
  }

  /** One write at a time, in the page's order: a session must not overtake the tombstone that follows it. */
  function inTurn(writing: () => Promise<Answer>): Promise<void> {
    writes = writes.then(async () => send(port, await writing()));
    return writes;
  }

  async function test(id: number): Promise<Answer> {
    const standing = await currentAccess();
    return answer(id, standing, {});
  }

  async function load({ id, ...page }: PageState & { readonly id: number }): Promise<Answer> {
    const standing = await currentAccess();
    // Without access the jar is another one: what it holds was never shared, and is nobody's session.
    const hubCookie = standing.access === "granted" ? decodeHubCookie(readCookie(cookieName) ?? "") : undefined;
    return answer(id, standing, await chooseSession(page, hubCookie));
  }

  /** @param session to save; `null` leaves the tombstone */
  async function write(id: number, session: string | null): Promise<Answer> {
    const standing = await currentAccess();
    if (standing.access !== "granted") return answer(id, standing, {});
    try {
      await (session === null ? writer.clear(cookieName, name) : writer.save(cookieName, name, session));
    } catch (error) {
      return answer(id, standing, { ok: false, reason: error instanceof Error ? error.message : String(error) });
    }
    // Only what can be read back is kept: browsers drop cookies silently.
    const kept = decodeHubCookie(readCookie(cookieName) ?? "");
    if (session === null ? kept?.kind !== "ended" : kept?.kind !== "session" || kept.value !== session) {
      return answer(id, standing, { ok: false, reason: "The browser did not keep the hub's cookie." });
    }
    return answer(id, standing, { digest: session === null ? null : await digestOf(session) });
  }
}

function answer(id: number, standing: Standing, particulars: Partial<Answer>): Answer {
  const ok = standing.access === "granted";
  return { type: "answer", id, ...standing, ok, session: null, digest: null, owed: null, ...particulars };
}

function send(port: MessagePort, message: Answer): void {
  port.postMessage(message);
}
