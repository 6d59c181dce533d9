import type { IframeConfig } from "../../protocol/iframe-config.ts";
import { type FrameMessage, NO_SCOPE, UNASKED, isConnect } from "../../protocol/messages.ts";
import { isTrustedOrigin } from "../../protocol/origins.ts";
import { answerPage } from "./answer-page.ts";
import { hubCookiePrefix } from "./cookie-jar.ts";
import type { HubCookieWriter } from "./hub-cookie-writer.ts";
import { sayHello } from "./say-hello.ts";
import { findAccess } from "./storage-access.ts";

/**
 * The iframe's side of the exchange that protocol/messages.ts describes: says hello, and takes one connection from a trusted
 * parent.
 */
export function servePage(config: IframeConfig, write: HubCookieWriter): void {
  const { tenant, trustedDomains, storageAccess } = config;
  let connected = false;

  sayHello(config);
  // Begun before anybody asks, while hello is on its way: the first load need not wait for it.
  const firstFinding = findAccess(storageAccess, hubCookiePrefix(tenant));

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
    answerPage(config, write, firstFinding, port, origin, data);
  });
}
