import { digestOf } from "../../protocol/digest.ts";
import { MAX_SESSION_MAX_AGE_SECONDS } from "../../protocol/limits.ts";
import { type Fate, ageIn, isBase, note } from "../../session/base.ts";
import { createPageCookie } from "./page-cookie.ts";
import type { HubUrl } from "./parse-url.ts";

/**
 * The base of the merge (session/base.ts), in a cookie of the registrable domain: each subdomain that can see the session cookie
 * knows of it, whatever scope either was written with. No secret; name and value have at most 89 bytes.
 */
export type BaseCookie = readonly [
  read: () => string,
  write: (base: string) => unknown,
  learn: (session: string, fate: Fate) => void,
  /** Of several sessions that the page sees, the later one last where nobody knows them. */
  newestOf: (sessions: readonly string[]) => string,
];

/** @param hub the iframe's address: the tenants of a hub may share a domain, and know nothing of each other */
export function createBaseCookie(hub: HubUrl, name: string): BaseCookie {
  // A cookie that no other host can set has a base that none can set.
  const baseName = name.replace(/^(__Host-)?.*/, `$1carryover~${digestOf(hub.origin + hub.pathname + name)}`);
  const [readCookie, show] = createPageCookie(baseName, { maxAgeSeconds: MAX_SESSION_MAX_AGE_SECONDS });

  function read(): string {
    const base = readCookie();
    // Any subdomain could have written it.
    return isBase(base) ? base : "";
  }

  const write = (base: string) => isBase(base) && show(base, "");
  const learn = (session: string, fate: Fate) => write(note(read(), digestOf(session), fate));
  const ageOf = (session: string) => ageIn(read(), digestOf(session));
  const newestOf = (sessions: readonly string[]) =>
    sessions.reduce((one, other) => (ageOf(other) <= ageOf(one) ? other : one));

  return [read, write, learn, newestOf];
}
