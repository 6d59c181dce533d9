import type { Command } from "./arguments.ts";
import { confirm, isInteractive } from "./confirm.ts";
import { DONE, FAILED, REFUSED } from "./exit-codes.ts";
import { readOne } from "./read-one.ts";
import { REVOCATION, showRemoval } from "./show-changes.ts";
import type { TenantStore } from "./tenant-store.ts";

/** `remove <tenant>` */
export async function remove(
  { tenant, dryRun, yes }: Extract<Command, { name: "remove" }>,
  store: TenantStore,
): Promise<number> {
  if (!dryRun && !yes && !isInteractive()) {
    console.error("There is no terminal to ask in: remove needs --yes (or --dry-run) then.");
    return FAILED;
  }
  return readOne(tenant, store, async (text) => {
    console.log([...showRemoval(tenant, text), REVOCATION].join("\n"));
    if (dryRun) {
      console.log("Nothing is removed: this is a dry run.");
      return DONE;
    }
    if (!yes && !(await confirm("Remove this?"))) {
      console.error("Nothing is removed.");
      return REFUSED;
    }
    const removed = await store.remove(tenant);
    if (!removed.ok) {
      console.error(removed.reason);
      return FAILED;
    }
    const back = await store.read([tenant]);
    if (!back.ok || back.value[0] !== null) {
      console.error(
        back.ok
          ? `KV still answers with ${tenant}. It can be slow to show a removal: see in a minute by npm run tenant -- get ${tenant}`
          : `${back.reason}\nRemoved, but not looked whether it is gone: see by npm run tenant -- get ${tenant}`,
      );
      return FAILED;
    }
    console.log(`Removed: ${tenant}`);
    return DONE;
  });
}
