/** Quartiles of a sample. */
export type Spread = { readonly lower: number; readonly median: number; readonly upper: number };

/**
 * The value below which a share of the sample lies, between two values by linear interpolation.
 *
 * @param share 0 to 1
 * @throws RangeError for an empty sample
 */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError("An empty sample has no quantiles.");
  return below + (above - below) * (position - Math.floor(position));
}

export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

export function spread(sample: readonly number[]): Spread {
  return { lower: quantile(sample, 0.25), median: median(sample), upper: quantile(sample, 0.75) };
}

export type Ratio = {
  /** Of the two medians: the figure that counts. */
  readonly ofMedians: number;
  /** Of the ratios within each round, where both met the same weather. */
  readonly byRound: Spread;
};

/** Compares two samples that were taken in the same rounds. */
export function ratio(sample: readonly number[], base: readonly number[]): Ratio {
  if (sample.length !== base.length)
    throw new RangeError(`${sample.length} rounds cannot be compared with ${base.length}.`);
  const quotients = sample.map((value, round) => value / (base[round] ?? Number.NaN));
  return { ofMedians: median(sample) / median(base), byRound: spread(quotients) };
}

/** The contenders of a round in their order: each round begins with the next one, so that nobody always comes first. */
export function rotate<T>(contenders: readonly T[], round: number): T[] {
  const start = round % contenders.length;
  return [...contenders.slice(start), ...contenders.slice(0, start)];
}
