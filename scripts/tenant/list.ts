import { TENANT_ID_RULE, isTenantId } from "./arguments.ts";
import { DONE, FAILED } from "./exit-codes.ts";
import type { TenantStore } from "./tenant-store.ts";

/** `list`: one id a line. */
export async function list(store: TenantStore): Promise<number> {
  const keys = await store.list();
  if (!keys.ok) {
    console.error(keys.reason);
    return FAILED;
  }
  for (const key of keys.value) {
    console.log(key);
    if (!isTenantId(key)) console.error(`The hub never reads "${key}": it ${TENANT_ID_RULE}`);
  }
  if (keys.value.length === 0) console.error("There are no tenants.");
  return DONE;
}
