/** The script of `/t/<tenant>/iframe.html`, inlined there by the Worker. */
import { IFRAME_CONFIG_ELEMENT_ID, type IframeConfig } from "../../protocol/iframe-config.ts";
import { parseTrustedDomain } from "../../protocol/origins.ts";
import { sessionPath } from "../../protocol/routes.ts";
import { createAsking } from "./ask-visitor.ts";
import { IS_FIREFOX } from "./browsers.ts";
import { servePage } from "./serve-page.ts";

/** A hub that hangs must not hold up the writes behind it. */
const WRITE_TIMEOUT_MS = 10_000;

// Written by the Worker into this very document, with the same types: no guard could know better.
const config: IframeConfig = JSON.parse(document.getElementById(IFRAME_CONFIG_ELEMENT_ID)?.textContent ?? "");

async function send(method: "PUT" | "DELETE", name: string, body?: string): Promise<void> {
  const response = await fetch(sessionPath(config.tenant, name), {
    method,
    // Outlives a page that saves while it is being left. Not in Firefox: what it keeps alive has the cookies of the partitioned
    // jar, in spite of storage access (seen in 153).
    keepalive: !IS_FIREFOX,
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
    ...(body !== undefined && { body }),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status}: ${await response.text()}`);
}

servePage({
  config,
  trustedOrigins: config.trustedDomains.flatMap((domain) => {
    const parsed = parseTrustedDomain(domain);
    return parsed.ok ? [parsed.value] : [];
  }),
  createAsking: (task) => createAsking(config, task),
  // By the Worker's Set-Cookie: Safari lets cookies that a script wrote live 7 days at most.
  writer: {
    save: (_cookieName, name, value) => send("PUT", name, value),
    clear: (_cookieName, name) => send("DELETE", name),
  },
});
