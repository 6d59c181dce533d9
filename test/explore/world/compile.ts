/**
 * Compiles the built scripts once for all documents of all worlds. A script becomes a function whose parameters are the globals:
 * thousands of documents run the same code, each with a `window` of its own, without a realm for each.
 */
import { DateDouble, mathDouble } from "./ambient.ts";

/** Globals of Node that would lead out of the world. To use one fails. */
const HIDDEN = [
  "process",
  "Buffer",
  "require",
  "global",
  "globalThis",
  "setImmediate",
  "setInterval",
  "WebSocket",
  "BroadcastChannel",
  "EventSource",
];

export type Globals = Readonly<Record<string, unknown>>;

/** @returns what the code returns: nothing for a script, its exports for a module */
export type Compiled = (globals: Globals) => unknown;

/** @param names the globals that each document brings */
export function compileScript(source: string, names: readonly string[], label: string): Compiled {
  const code = source.replaceAll(/\bimport\(/g, "__import(");
  const parameters = [...names, "Date", "Math", ...HIDDEN];
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- to run a script is the point
  const run = new Function(...parameters, `${code}\n//# sourceURL=${label}`);
  return (globals) => run(...names.map((name) => globals[name]), DateDouble, mathDouble);
}

/** A module with nothing to import: its `export {…}` becomes what it returns. */
export function compileModule(source: string, names: readonly string[], label: string): Compiled {
  return compileScript(`"use strict";${source.replace(/export\s*\{([^}]*)\};?\s*$/, returnExports)}`, names, label);
}

function returnExports(_: string, list: string): string {
  const pairs = list.split(",").map((one) => one.trim().split(/\s+as\s+/));
  return `return {${pairs.map(([local, exported = local]) => `${exported}: ${local}`).join(",")}};`;
}
