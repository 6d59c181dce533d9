/**
 * One JSON line for each request that was refused or went wrong. The types keep it to what may be logged: never a session
 * value, a cookie name or a full address.
 */
export type LogEntry = {
  readonly event: "refused" | "failed" | "stale";
  readonly tenant: string;
  readonly status: number;
  readonly reason: string;
};

export function log(entry: LogEntry): void {
  console.log(JSON.stringify(entry));
}
