/** What the load generator is asked for, and what it tells. */
export type LoadOrder = {
  readonly origin: string;
  /** Asked for in turn, shared out among the connections. */
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly expectedStatus: number;
  /** For so long, or … */
  readonly windowMs?: number;
  /** … each path once. */
  readonly once?: boolean;
};

export type LoadReport = {
  readonly requests: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What went wrong, if anything did. */
  readonly failure?: string;
};
