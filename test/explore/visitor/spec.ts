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
  /** How many requests and answers may be lost. */
  readonly faults: number;
  /** What the visitor does, in one list for each tab; actions.ts has the words. */
  readonly tabs: readonly (readonly string[])[];
};

export const HOSTS = ["www.shop-a.test", "help.shop-a.test", "shop-b.test", "shop-c.test"] as const;

/** Not one of the tenant's: it belongs to another tenant of the hub. */
export const STRANGER = "evil.test";

export const TENANT = "acme";
export const OTHER_TENANT = "other";
export const COOKIE_NAME = "chat";

/** The tenants' documents in KV, by tenant id. */
export function tenantDocuments({ trust }: Spec): ReadonlyMap<string, string> {
  const hosts = trust === "hosts" ? HOSTS : ["*.shop-a.test", ...HOSTS.slice(2)];
  const documents = { [TENANT]: hosts, [OTHER_TENANT]: [STRANGER] };
  return new Map(Object.entries(documents).map(([tenant, hosts]) => [tenant, JSON.stringify(hosts)]));
}
