import { LARGE_TENANT, LARGE_TENANT_DOMAINS, TENANT_COUNT, iframePath, smallTenant } from "./tenants.ts";

/** One way of asking for the iframe page. */
export type Case = {
  readonly name: string;
  readonly paths: readonly string[];
  readonly revalidates: boolean;
  readonly expectedStatus: number;
  /** Name of the bare Worker with the same bytes; the many tenants share that of the first. */
  readonly bareWorker?: string;
};

/** What one window of load has told. */
export type Sample = {
  readonly requestsPerSecond: number;
  /** CPU time of workerd for one request. */
  readonly cpuMicroseconds?: number;
  /** Share of the window that workerd was at work: well below 1, the load generator is the slower of the two. */
  readonly busy?: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

/** By name of the case, or of its bare Worker. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

export const SMALL = "1 tenant, 2 domains";
export const MANY = `${TENANT_COUNT.toLocaleString("en")} tenants in turn`;
export const LARGE = `1 tenant, ${LARGE_TENANT_DOMAINS} domains`;
export const REVALIDATED = "revalidated, 304";

export const CASES: readonly Case[] = [
  {
    name: SMALL,
    paths: [iframePath(smallTenant(0))],
    revalidates: false,
    expectedStatus: 200,
    bareWorker: "bare-small",
  },
  {
    name: MANY,
    paths: Array.from({ length: TENANT_COUNT }, (_, index) => iframePath(smallTenant(index))),
    revalidates: false,
    expectedStatus: 200,
  },
  { name: LARGE, paths: [iframePath(LARGE_TENANT)], revalidates: false, expectedStatus: 200, bareWorker: "bare-large" },
  {
    name: REVALIDATED,
    paths: [iframePath(smallTenant(0))],
    revalidates: true,
    expectedStatus: 304,
    bareWorker: "bare-304",
  },
];
