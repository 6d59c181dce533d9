import { parseTenantDocument } from "../../tenants/tenant-document.ts";
import type { Command } from "./arguments.ts";
import { DONE, FAILED, REFUSED } from "./exit-codes.ts";
import { explainDistrust, readOrigin, trustedBy } from "../trust/explain-trust.ts";
import { readOne } from "./read-one.ts";
import type { TenantStore } from "./tenant-store.ts";

/** `check <tenant> <origin>`: whether the tenant trusts the origin, and why not. */
export async function check(
  { tenant, origin: typed }: Extract<Command, { name: "check" }>,
  store: TenantStore,
): Promise<number> {
  const asked = readOrigin(typed);
  if (!asked.ok) {
    console.error(asked.reason);
    return FAILED;
  }
  const { origin, isAdapted } = asked.value;
  if (isAdapted) console.error(`${typed} is taken as ${origin}, the origin that a browser would send.`);
  return readOne(tenant, store, (text) => {
    const parsed = parseTenantDocument(text);
    if (!parsed.ok) {
      console.log(`not trusted: ${origin}\n  the document of ${tenant} is invalid, and trusts nobody; put a valid one`);
      return REFUSED;
    }
    const { trustedOrigins } = parsed.value;
    const entry = trustedBy(origin, trustedOrigins);
    if (entry === undefined) {
      console.log(`not trusted: ${origin}\n  ${explainDistrust(origin, trustedOrigins)}`);
      return REFUSED;
    }
    console.log(`trusted: ${origin}, by ${entry}`);
    return DONE;
  });
}
