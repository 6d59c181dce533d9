import { digestOf } from "../../protocol/digest.ts";
import { MAX_SESSION_MAX_AGE_SECONDS } from "../../protocol/limits.ts";
import { type Fate, ageIn, isBase, learn } from "../../session/base.ts";
import { createPageCookie } from "./page-cookie.ts";

/**
 * The base of the merge (session/base.ts), in a cookie of the registrable domain: each subdomain that can see the session cookie
 * knows of it, whatever scope either was written with. No secret; name and value have at most 66 bytes.
 */
export type BaseCookie = {
  readonly read: () => string;
  readonly write: (base: string) => unknown;
  readonly learn: (session: string, fate: Fate) => void;
  /** The least for the newest of several sessions (`ageIn` of session/base.ts). */
  readonly ageOf: (session: string) => number;
};

/** @param hub the iframe's address: the tenants of a hub may share a domain, and know nothing of each other */
export function createBaseCookie(hub: URL, name: string): BaseCookie {
  // A cookie that no other host can set has a base that none can set.
  const [prefix = ""] = /^__Host-/.exec(name) ?? [];
  const cookie = createPageCookie(`${prefix}carryover~${digestOf(hub.origin + hub.pathname + name)}`, {
    maxAgeSeconds: MAX_SESSION_MAX_AGE_SECONDS,
  });
  const read = () => {
    const base = cookie.read();
    // Any subdomain could have written it.
    return isBase(base) ? base : "";
  };
  const write = (base: string) => isBase(base) && cookie.show(base, "");
  return {
    read,
    write,
    learn: (session, fate) => write(learn(read(), digestOf(session), fate)),
    ageOf: (session) => ageIn(read(), digestOf(session)),
  };
}
