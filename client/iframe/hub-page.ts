/** The script of `/t/<tenant>/iframe.html`, inlined there by the Worker. */
import { IFRAME_CONFIG_ELEMENT_ID, type IframeConfig } from "../../protocol/iframe-config.ts";
import { createAsking } from "./asking.ts";
import { IS_FIREFOX } from "./browsers.ts";
import { createOutcomeCount } from "./count-outcome.ts";
import { createHandoff } from "./handoff.ts";
import { servePage } from "./serve-page.ts";
import { writeSession } from "./write-session.ts";

// Written by the Worker into this very document, with the same types: no guard could know better.
const config: IframeConfig = JSON.parse(document.getElementById(IFRAME_CONFIG_ELEMENT_ID)?.textContent ?? "");

servePage({
  config,
  trustedOrigins: config.trustedDomains,
  createHandoff: config.handoff ? (place) => createHandoff({ tenant: config.tenant, ...place }) : undefined,
  countOutcome: createOutcomeCount(config.sampleRate),
  createAsking: (task) => createAsking(config, task),
  // By the Worker's Set-Cookie: Safari lets cookies that a script wrote live 7 days at most.
  writer: (_cookieName, name, session, older) =>
    // Outlives a page that saves while it is being left. Not in Firefox: what it keeps alive has the cookies of the partitioned
    // jar, in spite of storage access (seen in 153).
    writeSession({ name, session, older, keepalive: !IS_FIREFOX }),
});
