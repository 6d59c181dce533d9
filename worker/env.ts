import type { HandoffCode } from "./handoff/handoff-code.ts";

/** The Worker's bindings, as wrangler.toml declares them. */
export type Env = {
  /** Tenant documents (tenants/tenant-document.ts), by tenant id. */
  readonly TENANTS: KVNamespace;
  /** One object a handoff code. */
  readonly HANDOFFS: DurableObjectNamespace<HandoffCode>;
  /** Count the requests of a client address to a tenant, by kind: saves and clears, handoff codes, outcomes. */
  readonly SESSION_LIMIT: RateLimit;
  readonly HANDOFF_LIMIT: RateLimit;
  readonly OUTCOME_LIMIT: RateLimit;
  /** Where outcomes are counted; none where the operator does not want that. */
  readonly OUTCOMES?: AnalyticsEngineDataset;
  /** The share of page views that are counted, from 0, the default, to 1. */
  readonly OUTCOME_SAMPLE_RATE?: number | string;
};
