/** The script of `/t/<tenant>/iframe.html`, inlined there by the Worker. */
import { IFRAME_CONFIG_ELEMENT_ID, type IframeConfig } from "../../protocol/iframe-config.ts";
import { IS_FIREFOX } from "./browsers.ts";
import { servePage } from "./serve-page.ts";
import { writeSession } from "./write-session.ts";

// Written by the Worker into this very document, with the same types: no guard could know better.
const config: IframeConfig = JSON.parse(document.getElementById(IFRAME_CONFIG_ELEMENT_ID)?.textContent ?? "");

servePage(config, (_cookieName, name, session, older) =>
  // By the Worker's Set-Cookie: Safari lets cookies that a script wrote live 7 days at most. Outlives a page that saves while it is
  // being left. Not in Firefox: what it keeps alive has the cookies of the partitioned jar, in spite of storage access (seen in 153).
  writeSession(name, session, older, !IS_FIREFOX),
);
