/** `iframe.min.js`: makes a hand-written `iframe.html` with a `TRUSTED_DOMAINS` array a hub, on any web server. */
import { encodeSession, encodeTombstone } from "../../protocol/hub-cookie.ts";
import { DEFAULT_SESSION_MAX_AGE_SECONDS } from "../../protocol/limits.ts";
import { parseTrustedDomain } from "../../protocol/origins.ts";
import { writeCookie } from "./cookie-jar.ts";
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

servePage({
  config: { tenant: "static", storageAccess: null },
  trustedOrigins: readTrustedDomains(),
  writer: {
    async save(cookieName, _name, value) {
      const encoded = encodeSession(cookieName, value);
      if (encoded === undefined) throw new Error("The session is too large for a cookie.");
      writeCookie(cookieName, encoded, DEFAULT_SESSION_MAX_AGE_SECONDS);
    },
    async clear(cookieName) {
      writeCookie(cookieName, encodeTombstone(Date.now() / 1000), DEFAULT_SESSION_MAX_AGE_SECONDS);
    },
  },
});
