/** The Worker's bindings, as wrangler.toml declares them. */
export type Env = {
  /** Tenant documents (tenants/tenant-document.ts), by tenant id. */
  readonly TENANTS: KVNamespace;
};
