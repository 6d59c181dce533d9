/** What the benchmarks' figures rest on. */
import { describe, expect, test } from "vitest";
import { median, quantile, ratio, rotate, spread } from "../../bench/statistics.ts";

describe("a quantile", () => {
  test("is a value of the sample, whatever its order, or lies between two", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 0], 0.99)).toBeCloseTo(9.9);
    expect(quantile([7], 0.99)).toBe(7);
  });

  test("compares numbers, not their digits", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  test("at the ends is the least and the greatest value", () => {
    expect(quantile([3, 1, 2], 0)).toBe(1);
    expect(quantile([3, 1, 2], 1)).toBe(3);
  });

  test("of nothing is refused", () => {
    expect(() => median([])).toThrow("An empty sample has no quantiles.");
  });

  test("leaves the sample in its order", () => {
    const sample = [3, 1, 2];
    spread(sample);
    expect(sample).toEqual([3, 1, 2]);
  });
});

test("a spread tells the quartiles", () => {
  expect(spread([5, 4, 3, 2, 1])).toEqual({ lower: 2, median: 3, upper: 4 });
});

describe("a ratio", () => {
  test("is that of the medians, which one slow run does not move", () => {
    expect(ratio([11, 11, 900], [10, 10, 10]).ofMedians).toBeCloseTo(1.1);
  });

  test("shows the spread of the rounds, each compared with itself", () => {
    expect(ratio([2, 20, 200], [1, 10, 100])).toEqual({ ofMedians: 2, byRound: { lower: 2, median: 2, upper: 2 } });
  });

  test("needs both in every round", () => {
    expect(() => ratio([1, 2], [1])).toThrow("2 rounds cannot be compared with 1.");
  });
});

test("every contender comes first in turn, and none is left out", () => {
  const rounds = [0, 1, 2, 3].map((round) => rotate(["a", "b", "c"], round).join(" "));
  expect(rounds).toEqual(["a b c", "b c a", "c a b", "a b c"]);
});
