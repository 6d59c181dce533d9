/** What a run is made of, apart from the order of its events. Plain data: it is printed, shrunk and replayed. */
import type { EngineName } from "../world/engines.ts";

export type Spec = {
  readonly engine: EngineName;
  /** How the tenant names the domain with subdomains: each host, or all of them by a `*`. */
  readonly trust: "hosts" | "wildcard";
  /** `localStorage` and `sessionStorage` throw. */
  readonly hasBrokenStorage?: boolean;
  /** The browser lets any page embed the hub. */
  readonly ignoresFrameAncestors?: boolean;
  /** Pages call `loadCookie` twice at once, as two widgets do that do not know of each other. */
  readonly loadsTwice?: boolean;
  /** Pages load copies of the script from their own servers: such a script does not know the hub's origin, and redeems no codes. */
  readonly hasOwnScript?: boolean;
  /** Pages keep a second cookie in step with the hub. No chat ever writes it. */
  readonly hasSecondCookie?: boolean;
  /** How many requests, answers and cookies of answers may be lost. */
  readonly faults: number;
  /** By site: the scope in which its chat writes the session cookie, where an action names none (actions.ts). */
  readonly scopes?: Readonly<Record<string, string>>;
  /** What the visitor does, in one list for each tab; actions.ts has the words. */
  readonly tabs: readonly (readonly string[])[];
};

export const HOSTS = ["www.shop-a.test", "help.shop-a.test", "shop-b.test", "shop-c.test"] as const;

/** Not one of the tenant's: it belongs to another tenant of the hub. */
export const STRANGER = "evil.test";

export const TENANT = "acme";
export const OTHER_TENANT = "other";
export const COOKIE_NAME = "chat";
export const SECOND_COOKIE_NAME = "desk";

/** The tenants' documents in KV, by tenant id. */
export function tenantDocuments({ trust }: Spec): ReadonlyMap<string, string> {
  const hosts = trust === "hosts" ? HOSTS : ["*.shop-a.test", ...HOSTS.slice(2)];
  const documents = { [TENANT]: hosts, [OTHER_TENANT]: [STRANGER] };
  return new Map(Object.entries(documents).map(([tenant, hosts]) => [tenant, JSON.stringify(hosts)]));
}
