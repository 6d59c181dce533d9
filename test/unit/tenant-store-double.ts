import { success } from "../../protocol/result.ts";
import type { TenantStore } from "../../scripts/tenant/tenant-store.ts";

/** KV in memory, for what the real one cannot be made to do or takes seconds for. The real one is in integration/tenant-tool. */
export function storeOf(texts: Map<string, string>, changes: Partial<TenantStore> = {}): TenantStore {
  return {
    batchKeys: 2,
    list: async () => success([...texts.keys()]),
    read: async (ids) => success(ids.map((id) => texts.get(id) ?? null)),
    write: async (documents) => {
      for (const { id, text } of documents) texts.set(id, text);
      return success(undefined);
    },
    remove: async (id) => {
      texts.delete(id);
      return success(undefined);
    },
    ...changes,
  };
}
