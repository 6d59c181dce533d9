import { hubCookieName } from "../../protocol/cookie-names.ts";
import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { type FrameMessage, NO_SCOPE, UNASKED, isConnect } from "../../protocol/messages.ts";
import { isTrustedOrigin } from "../../protocol/origins.ts";
import { answerPage } from "./answer-page.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { sayHello } from "./say-hello.ts";
import { findAccess } from "./storage-access.ts";

/**
 * The iframe's side of the exchange that protocol/messages.ts describes: says hello, and takes one connection from a trusted
 * parent.
 */
export function servePage(config: IframeConfig, write: HubCookieWriter): void {
  const { tenant, trustedDomains, storageAccess, handoff } = config;
  const prefix = hubCookieName(location.protocol === "https:", tenant, "");
  const links = handoff ? trustedDomains.join(" ") : "";
  let connected = false;

  sayHello(config, prefix, links);
  // Begun before anybody asks, while hello is on its way: the first load need not wait for it.
  const firstAccess = findAccess(storageAccess, prefix);

  addEventListener("message", ({ source, origin, data, ports: [port] }) => {
    if (source !== parent || connected || !isConnect(data) || !port) return;
    if (!isTrustedOrigin(origin, trustedDomains)) {
      port.postMessage({
        type: "refused",
        id: UNASKED,
        access: "untrusted",
        reason: `The hub does not trust ${origin}: add it to TRUSTED_DOMAINS.`,
        links: "",
        scope: NO_SCOPE,
      } satisfies FrameMessage);
      return;
    }
    connected = true;
    answerPage({ config, prefix, links, write, firstAccess }, { port, origin, connect: data });
  });
}
