/** A short fuzz of the built Worker and the message guards. `npm run fuzz` is the long one (test/endurance/README.md). */
import { beforeAll, describe, expect, test } from "vitest";
import type { Figures } from "../endurance/figures.ts";
import { runFuzz } from "../endurance/fuzz/run-fuzz.ts";

const SEED = 20_261_123;

let figures: Figures;

beforeAll(async () => {
  figures = await runFuzz({ seed: SEED, durationMs: 10_000 });
}, 120_000);

describe(`whatever comes (seed ${SEED})`, () => {
  test("requests and documents are answered as documented, the log tells nothing, and guards accept what they should", () => {
    expect(figures.broken).toEqual([]);
  });

  // Otherwise nothing of interest came.
  test.each([
    "answers: 200",
    "answers: 204",
    "answers: 403",
    "answers: 404",
    "answers: 405",
    "documents that are good",
    "documents that are malformed",
    "messages that isConnect accepts",
    "messages that isPageRequest accepts",
    "messages that isFrameMessage accepts",
  ])("it was put to the test: %s", (what) => {
    expect(figures.counts[what]).toBeGreaterThan(0);
  });
});
