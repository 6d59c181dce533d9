import type { HandoffCode } from "./handoff/handoff-code.ts";

/** The Worker's bindings, as wrangler.toml declares them. */
export type Env = {
  /** Tenant documents (tenants/tenant-document.ts), by tenant id. */
  readonly TENANTS: KVNamespace;
  /** One object a handoff code. */
  readonly HANDOFFS: DurableObjectNamespace<HandoffCode>;
  /** Counts handoff requests by client address. */
  readonly HANDOFF_LIMIT: RateLimit;
};
