import type { Context } from "hono";
import { requestId } from "./request-id.ts";

/** What may be logged of a request. The types keep it to that: never a session value, a code, a cookie name or a full address. */
export type LogEntry = {
  readonly event: "refused" | "failed" | "stale";
  /** Of the answer; 200 where the visitor noticed nothing. */
  readonly status: number;
  readonly reason: string;
};

/** Writes one JSON line. Each request that is refused or goes wrong has at least one. */
export function log(c: Context, { event, status, reason }: LogEntry): void {
  const tenant = c.req.param("tenant") ?? "";
  console.log(JSON.stringify({ event, tenant, status, reason, request: requestId(c) }));
}
