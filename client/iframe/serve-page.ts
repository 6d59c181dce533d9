import { hubCookieName } from "../../protocol/cookie-names.ts";
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { type Hello, REFUSAL_ID, isConnect } from "../../protocol/messages.ts";
import { type TrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import { answerPage } from "./answer-page.ts";
import { answer } from "./answers.ts";
import type { Asking, AskingTask } from "./ask-visitor.ts";
import { probeCookies } from "./cookie-jar.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { findAccess } from "./storage-access.ts";

export type IframeSettings = {
  readonly config: Pick<IframeConfig, "tenant" | "storageAccess">;
  readonly trustedOrigins: readonly TrustedOrigin[];
  readonly writer: HubCookieWriter;
  /** Asks the visitor; a static hub has no card to ask with. */
  readonly createAsking?: (task: AskingTask) => Asking;
};

/**
 * The iframe's side of the exchange that protocol/messages.ts describes: says hello, and takes one connection from a trusted
 * parent.
 */
export function servePage({ config, trustedOrigins, writer, createAsking }: IframeSettings): void {
  const secure = location.protocol === "https:";
  const nameOnHub = (name: string) => hubCookieName(secure, config.tenant, name);
  const access = () => findAccess(config.storageAccess, () => probeCookies(nameOnHub("")));
  // Begun before anybody asks: it tells nobody anything, and the first load need not wait for it.
  const firstAccess = access();
  let connected = false;

  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || connected || !isConnect(data) || !port) return;
    if (!isTrustedOrigin(origin, trustedOrigins)) {
      const reason = `The hub does not trust ${origin}: add it to TRUSTED_DOMAINS.`;
      port.postMessage(answer(REFUSAL_ID, { access: "untrusted", reason }));
      return;
    }
    connected = true;
    answerPage({
      port,
      connect: data,
      cookieName: nameOnHub(data.name),
      comesFromTrusted: comesFrom(data.referrer, origin, trustedOrigins),
      writer,
      createAsking,
      firstAccess,
      access,
    });
  });

  // To whoever embeds this page: the message holds no secret, and the parent's origin is not known yet.
  parent.postMessage({ type: "carryover:hello" } satisfies Hello, "*");
}

/** Whether the visitor came to the page from another of the trusted domains. */
function comesFrom(referrer: string, pageOrigin: string, trustedOrigins: readonly TrustedOrigin[]): boolean {
  try {
    const { origin } = new URL(referrer);
    return origin !== pageOrigin && isTrustedOrigin(origin, trustedOrigins);
  } catch {
    return false; // No referrer.
  }
}
