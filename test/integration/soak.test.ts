/** A short soak of the built Worker: ten seconds of a bad day. `npm run soak` is the long one (test/endurance/README.md). */
import { beforeAll, describe, expect, test } from "vitest";
import type { Figures } from "../endurance/figures.ts";
import { runSoak } from "../endurance/soak/run-soak.ts";

const SEED = 20_261_123;

let figures: Figures;

beforeAll(async () => {
  figures = await runSoak({ seed: SEED, durationMs: 10_000, tenants: 60, visitors: 8, slowPageMs: 1000 });
}, 120_000);

describe(`while KV fails and Durable Objects are restarted (seed ${SEED})`, () => {
  test("the hub keeps every promise", () => {
    expect(figures.broken).toEqual([]);
  });

  // Otherwise the promises were kept because nobody asked.
  test.each([
    "page: 200",
    "save: 204",
    "clear: 204",
    "continue: 200",
    "outcome: 204",
    "wrong: 404",
    "503 for want of a copy",
    "503 by restarts",
    "sessions that came at once",
    "codes whose idle object was restarted",
    "codes brought to a wrong place first",
    "objects restarted before they did what was asked",
    "objects restarted after, the answer lost",
  ])("it was put to the test: %s", (what) => {
    expect(figures.counts[what]).toBeGreaterThan(0);
  });
});
