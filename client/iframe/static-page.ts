/** `iframe.min.js`: makes a hand-written `iframe.html` with a `TRUSTED_DOMAINS` array a hub, on any web server. */
import { DEFAULT_SESSION_MAX_AGE_SECONDS } from "../../protocol/limits.ts";
import { parseTrustedDomain } from "../../protocol/origins.ts";
import { succeedHubCookie } from "../../session/history.ts";
import { readCookie, writeCookie } from "./cookie-jar.ts";
import { servePage } from "./serve-page.ts";

// A `const` of a classic script is no property of `window`, but any later script sees it by name.
declare const TRUSTED_DOMAINS: unknown;

function readTrustedDomains() {
  const entries: unknown = typeof TRUSTED_DOMAINS === "undefined" ? undefined : TRUSTED_DOMAINS;
  if (!Array.isArray(entries)) {
    console.error(
      'Carryover: iframe.html needs `const TRUSTED_DOMAINS = ["https://…"]` in a script before iframe.min.js.',
    );
    return [];
  }
  return entries.flatMap((entry: unknown, index) => {
    const parsed = parseTrustedDomain(entry);
    if (parsed.ok) return [parsed.value];
    console.error(`Carryover: TRUSTED_DOMAINS[${index}] ${JSON.stringify(entry)} ${parsed.reason}. It is left out.`);
    return [];
  });
}

servePage(
  {
    tenant: "static",
    trustedDomains: readTrustedDomains(),
    storageAccess: null,
    // There is nobody who could keep sessions for links, count, or ask.
    handoff: false,
    sampleRate: 0,
    cardUrl: "",
  },
  async (cookieName, _name, session, older) => {
    const value = succeedHubCookie({
      hubCookieName: cookieName,
      before: readCookie(cookieName),
      session,
      older,
      nowSeconds: Date.now() / 1000,
    });
    if (value === undefined) throw new Error("The session is too large for a cookie.");
    writeCookie(cookieName, value, DEFAULT_SESSION_MAX_AGE_SECONDS);
  },
);
