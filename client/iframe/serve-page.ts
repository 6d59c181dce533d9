import { hubCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import type { StorageAccessHeader } from "../../protocol/iframe-config.ts";
import { type Hello, type HubMessage, type PageRequest, isConnect, isPageRequest } from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
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
      send(port, { type: "refused", reason: `The hub does not trust ${origin}. Its operator can add it to TRUSTED_DOMAINS.` });
      return;
    }
    connected = true;
    answerRequests(port, data.name, hubCookieName(secure, settings.tenant, data.name), settings.writer, firstAccess, access);
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
  let writes: Promise<unknown> = Promise.resolve();

  port.onmessage = async ({ data }) => {
    if (!isPageRequest(data)) return;
    // One write at a time, in the page's order: a session must not overtake the tombstone that follows it.
    if (data.type === "save" || data.type === "clear") {
      const earlier = writes;
      writes = (async () => {
        await earlier;
        send(port, await write(data));
      })();
      return;
    }
    send(port, await read(data));
  };

  async function currentAccess(): Promise<Standing> {
    const found = standing ?? access();
    standing = undefined;
    return found;
  }

  async function read({ id, type }: PageRequest): Promise<HubMessage> {
    const standing = await currentAccess();
    const granted = standing.access === "granted";
    if (type === "test") return { type: "done", id, ok: granted, ...standing };
    // Without access the jar is another one: what it holds was never shared, and is nobody's session.
    const cookie = granted ? decodeHubCookie(readCookie(cookieName) ?? "") : undefined;
    return {
      type: "loaded",
      id,
      value: cookie?.kind === "session" ? cookie.value : null,
      endedAt: cookie?.kind === "ended" ? cookie.atSeconds : null,
      ...standing,
    };
  }

  async function write(request: PageRequest): Promise<HubMessage> {
    const { id } = request;
    const standing = await currentAccess();
    if (standing.access !== "granted") return { type: "done", id, ok: false, ...standing };
    try {
      await (request.type === "save" ? writer.save(cookieName, name, request.value) : writer.clear(cookieName, name));
    } catch (error) {
      return { type: "done", id, ok: false, ...standing, reason: error instanceof Error ? error.message : String(error) };
    }
    // Only what can be read back is kept: browsers drop cookies silently.
    const cookie = decodeHubCookie(readCookie(cookieName) ?? "");
    const ok = request.type === "save" ? cookie?.kind === "session" && cookie.value === request.value : cookie?.kind === "ended";
    return { type: "done", id, ok, ...standing, ...(!ok && { reason: "The browser did not keep the hub's cookie." }) };
  }
}

function send(port: MessagePort, message: HubMessage): void {
  port.postMessage(message);
}
