import { FAILED, REFUSED } from "./exit-codes.ts";
import type { TenantStore } from "./tenant-store.ts";

/** Reads one tenant's text and hands it on; without one, says so and resolves with the exit code. */
export async function readOne(
  id: string,
  store: TenantStore,
  use: (text: string) => number | Promise<number>,
): Promise<number> {
  const read = await store.read([id]);
  if (!read.ok) {
    console.error(read.reason);
    return FAILED;
  }
  const text = read.value[0] ?? null;
  if (text !== null) return use(text);
  console.error(`There is no tenant "${id}". See which there are: npm run tenant -- list`);
  return REFUSED;
}
