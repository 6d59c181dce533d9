/** Tells `cloudflare:workers` what wrangler.toml binds and what the Worker exports. */
declare namespace Cloudflare {
  interface Env {
    readonly TENANTS: KVNamespace;
    readonly HANDOFFS: DurableObjectNamespace<import("../../worker/index.ts").HandoffCode>;
    readonly SESSION_LIMIT: RateLimit;
    readonly HANDOFF_LIMIT: RateLimit;
    readonly OUTCOME_LIMIT: RateLimit;
  }
  interface GlobalProps {
    mainModule: typeof import("../../worker/index.ts");
  }
}
