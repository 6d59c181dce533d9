/** The Worker's bindings, in memory, and able to fail. */

/** A storage that a Durable Object class is given, as far as handoff codes use it. */
type Storage = {
  readonly kv: Pick<Map<string, unknown>, "get" | "delete"> & { put(key: string, value: unknown): void };
  setAlarm(atMs: number): Promise<void>;
  deleteAlarm(): Promise<void>;
  deleteAll(): Promise<void>;
};

export type DurableObjectClass = new (
  state: { readonly storage: Storage },
  env: unknown,
) => {
  alarm(): Promise<void>;
};

/** What an operator's bad day takes away. */
export type Outages = { kv: boolean; handoffs: boolean };

export type EnvironmentOptions = {
  readonly tenants: ReadonlyMap<string, string>;
  readonly outages: Outages;
  readonly HandoffCode: DurableObjectClass;
};

export function createEnvironment({ tenants, outages, HandoffCode }: EnvironmentOptions): Record<string, unknown> {
  const objects = new Map<string, object>();
  const limit = { limit: async () => ({ success: true }) };

  function getByName(name: string): object {
    if (outages.handoffs) throw new Error("The Durable Object is down.");
    const object = objects.get(name) ?? new HandoffCode({ storage: createStorage() }, undefined);
    objects.set(name, object);
    return object;
  }

  return {
    TENANTS: {
      async get(id: string) {
        if (outages.kv) throw new Error("KV is down.");
        return tenants.get(id) ?? null;
      },
    },
    HANDOFFS: { getByName },
    SESSION_LIMIT: limit,
    HANDOFF_LIMIT: limit,
    OUTCOME_LIMIT: limit,
  };
}

/** Alarms never ring: a code that is not redeemed within its minute is refused for its time. */
function createStorage(): Storage {
  const values = new Map<string, unknown>();
  return {
    kv: {
      get: (key) => values.get(key),
      delete: (key) => values.delete(key),
      put: (key, value) => void values.set(key, value),
    },
    setAlarm: async () => {},
    deleteAlarm: async () => {},
    deleteAll: async () => values.clear(),
  };
}
