import path from "node:path";
import type { Place } from "./arguments.ts";

/** Where documents are read and written, for the reader. */
export function describePlace({ remote, env, persistTo }: Place): string {
  const environment = env === undefined ? "" : `, environment ${env}`;
  if (remote) return `KV of the deployed hub (--remote)${environment}`;
  const machine = persistTo === undefined ? "KV of this machine (--local)" : `KV in ${userPath(persistTo)} (--local)`;
  return `${machine}${environment}; --remote is the deployed hub`;
}

/** A path as its writer means it: npm runs scripts in the project's folder, wherever it was called. */
export function userPath(written: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = process.env;
  return path.resolve(script === "tenant" && calledIn !== undefined ? calledIn : process.cwd(), written);
}
