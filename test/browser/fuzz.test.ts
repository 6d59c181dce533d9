/** A few seconds of messages of every kind. `npm run fuzz` has the minutes (test/endurance/README.md). */
import { beforeAll, expect, test } from "vitest";
import type { Figures } from "../endurance/figures.ts";
import { fuzzBrowser } from "../endurance/fuzz/fuzz-browser.ts";

const SEED = 20_261_123;

let figures: Figures;

beforeAll(async () => {
  figures = await fuzzBrowser({ seed: SEED, durationMs: 5000 });
});

test(`no message makes a script throw or changes a session, and a normal load works after them (seed ${SEED})`, () => {
  expect(figures.broken).toEqual([]);
  expect(figures.counts["normal loads afterwards"]).toBe(2);
});

test("there were messages to the page, to the hub's frames and over the port", () => {
  expect(figures.counts["messages to the page"]).toBeGreaterThan(0);
  expect(figures.counts["messages to the hub's frames"]).toBeGreaterThan(0);
  expect(figures.counts["messages over the port"]).toBeGreaterThan(0);
});
