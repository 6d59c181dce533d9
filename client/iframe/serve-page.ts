import { hubCookieName } from "../../protocol/cookie-names.ts";
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { BLANK_REPORT, type Report, isConnect } from "../../protocol/messages.ts";
import { type TrustedOrigin, formatTrustedOrigin, isTrustedOrigin } from "../../protocol/origins.ts";
import type { AskingTask } from "../card/ask-visitor.ts";
import { answerPage } from "./answer-page.ts";
import type { Asking } from "./asking.ts";
import { canUseCookies } from "./cookie-jar.ts";
import type { CountOutcome } from "./count-outcome.ts";
import type { Handoff, HandoffPlace } from "./handoff.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { sayHello, scopeOf } from "./say-hello.ts";
import { findAccess } from "./storage-access.ts";

export type IframeSettings = {
  readonly config: Pick<IframeConfig, "tenant" | "storageAccess">;
  readonly trustedOrigins: readonly TrustedOrigin[];
  readonly writer: HubCookieWriter;
  /** Lets links carry sessions; a static hub has nowhere to keep them meanwhile. */
  readonly createHandoff?: ((place: Omit<HandoffPlace, "tenant">) => Handoff) | undefined;
  /** A static hub has nobody to count for. */
  readonly countOutcome?: CountOutcome;
  /** Asks the visitor; a static hub has no card to ask with. */
  readonly createAsking?: (task: AskingTask) => Asking;
};

/**
 * The iframe's side of the exchange that protocol/messages.ts describes: says hello, and takes one connection from a trusted
 * parent.
 */
export function servePage({
  config,
  trustedOrigins,
  writer,
  createHandoff,
  countOutcome,
  createAsking,
}: IframeSettings): void {
  const secure = location.protocol === "https:";
  const nameOnHub = (name: string) => hubCookieName(secure, config.tenant, name);
  const access = () => findAccess(config.storageAccess, () => canUseCookies(nameOnHub("")));
  // Begun before anybody asks, while hello is on its way: the first load need not wait for it.
  const firstAccess = sayHello(config.storageAccess, trustedOrigins, nameOnHub).then(access);
  let connected = false;

  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || connected || !isConnect(data) || !port) return;
    if (!isTrustedOrigin(origin, trustedOrigins)) {
      const reason = `The hub does not trust ${origin}: add it to TRUSTED_DOMAINS.`;
      port.postMessage({ ...BLANK_REPORT, access: "untrusted", reason } satisfies Report);
      return;
    }
    connected = true;
    const referrer = data.referrer && originOf(data.referrer);
    answerPage({
      port,
      connect: { ...data, card: data.card === undefined ? "auto" : data.card },
      cookieName: nameOnHub(data.name),
      comesFromTrusted: referrer !== origin && isTrustedOrigin(referrer, trustedOrigins),
      writer,
      handoff: createHandoff?.({ name: data.name, pageOrigin: origin, referrer }),
      links: createHandoff ? trustedOrigins.map(formatTrustedOrigin).join(" ") : "",
      scope: scopeOf(origin, trustedOrigins),
      countOutcome,
      createAsking,
      firstAccess,
      access,
    });
  });
}

function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return ""; // No address.
  }
}
