import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Also where there are two cores, of which vitest would leave one: browsers, hubs and tests mostly wait for each other.
    maxWorkers: 2,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      {
        // In workerd itself, against real KV.
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: { name: "worker", include: ["test/worker/**/*.test.ts"] },
      },
      {
        // The built Worker behind the real static-assets router.
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // A real browser over three sites. Each file starts a browser and a hub of its own.
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          // Files share no state but modules, of which wrangler takes seconds to load.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Real browsers on a machine with two cores, for most of an hour. What fails at first is still told, as flaky.
          retry: 1,
          // A slow machine needs its time; what is right at once is not kept waiting.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
