/** Tells `cloudflare:workers` what wrangler.toml binds and what the Worker exports. */
declare namespace Cloudflare {
  interface Env {
    readonly TENANTS: KVNamespace;
  }
  interface GlobalProps {
    mainModule: typeof import("../../worker/index.ts");
  }
}
