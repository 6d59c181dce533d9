/** wrangler.toml's environments inherit no bindings: each must have them all. */
import { expect, test } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { WRANGLER_CONFIG } from "./paths.ts";

type Limit = { readonly name: string; readonly namespace_id: string; readonly simple: object };

const read = (env?: string) =>
  readConfig({ config: WRANGLER_CONFIG, ...(env !== undefined && { env }) }, { hideWarnings: true });
const plain = read();

test.each(["staging", "production"])(
  "%s has every binding of the plain hub, limits of its own, and counts outcomes",
  (env) => {
    const config = read(env);
    expect(config.name).toBe(`carryover-hub-${env}`);
    expect(config.kv_namespaces.map(({ binding }: { binding: string }) => binding)).toEqual(["TENANTS"]);
    expect(config.durable_objects).toEqual(plain.durable_objects);
    expect(config.migrations).toEqual(plain.migrations);
    expect(config.assets).toEqual(plain.assets);
    expect(config.observability).toEqual(plain.observability);
    expect(config.ratelimits.map(({ name, simple }: Limit) => ({ name, simple }))).toEqual(
      plain.ratelimits.map(({ name, simple }: Limit) => ({ name, simple })),
    );
    const ids = [plain, read("staging"), read("production")].flatMap(({ ratelimits }) =>
      ratelimits.map((one: Limit) => one.namespace_id),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(config.analytics_engine_datasets).toEqual([{ binding: "OUTCOMES", dataset: `carryover_outcomes_${env}` }]);
    expect(Number(config.vars["OUTCOME_SAMPLE_RATE"])).toBeGreaterThan(0);
  },
);

test("the plain hub counts nothing: a first deploy needs no Analytics Engine", () => {
  expect(plain.analytics_engine_datasets).toEqual([]);
  expect(plain.vars).toEqual({});
});

test("Cloudflare's own line for each request, which would hold its address, is off everywhere", () => {
  for (const config of [plain, read("staging"), read("production")]) {
    expect(config.observability).toMatchObject({ enabled: true, logs: { invocation_logs: false } });
  }
});
