import { hubCookieName } from "../../protocol/cookie-names.ts";
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { type FrameMessage, NO_SCOPE, UNASKED, isConnect } from "../../protocol/messages.ts";
import type { CountOutcome } from "../../protocol/outcomes.ts";
import { type TrustedOrigin, isTrustedOrigin, originOf, trustedScope } from "../../protocol/origins.ts";
import { answerPage } from "./answer-page.ts";
import type { CreateAsking } from "./asking.ts";
import { canUseCookies } from "./cookie-jar.ts";
import type { Handoff, HandoffPlace } from "./handoff.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { sayHello } from "./say-hello.ts";
import { findAccess } from "./storage-access.ts";

export type IframeSettings = {
  readonly config: Pick<IframeConfig, "tenant" | "storageAccess" | "trustedDomains">;
  readonly trustedOrigins: readonly TrustedOrigin[];
  readonly writer: HubCookieWriter;
  /** Lets links carry sessions; a static hub has nowhere to keep them meanwhile. */
  readonly createHandoff?: ((place: Omit<HandoffPlace, "tenant">) => Handoff) | undefined;
  /** A static hub has nobody to count for. */
  readonly countOutcome?: CountOutcome;
  /** Asks the visitor; a static hub has no card to ask with. */
  readonly createAsking?: CreateAsking;
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
  /** As the Worker spells them. */
  const links = createHandoff ? config.trustedDomains.join(" ") : "";
  const secure = location.protocol === "https:";
  const nameOnHub = (name: string) => hubCookieName(secure, config.tenant, name);
  const access = () => findAccess(config.storageAccess, () => canUseCookies(nameOnHub("")));
  // Begun before anybody asks, while hello is on its way: the first load need not wait for it.
  const firstAccess = sayHello(config.storageAccess, trustedOrigins, nameOnHub, links).then(access);
  let connected = false;

  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || connected || !isConnect(data) || !port) return;
    if (!isTrustedOrigin(origin, trustedOrigins)) {
      const reason = `The hub does not trust ${origin}: add it to TRUSTED_DOMAINS.`;
      const refused: FrameMessage = {
        type: "refused",
        id: UNASKED,
        access: "untrusted",
        reason,
        links: "",
        scope: NO_SCOPE,
      };
      port.postMessage(refused);
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
      links,
      scope: trustedScope(origin, trustedOrigins),
      countOutcome,
      createAsking,
      firstAccess,
      findAccess: access,
    });
  });
}
