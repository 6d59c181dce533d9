import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const { resolve } = createRequire(import.meta.url);

/** Where the packages of other people are. */
export const LIBRARY_FOLDER = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** The text of a file of a package: what a page would load from a CDN. */
export function libraryFile(packageName: string, pathInside: string): string {
  return readFileSync(path.join(LIBRARY_FOLDER, packageName, pathInside), "utf8");
}

/** Real libraries that replace what browsers have built in, as pages load them before any other script. */
const LIBRARIES = {
  /** MooTools' core: its types, arrays, functions and classes. */
  MooTools: () => readFileSync(resolve("mootools/lib/mootools-core-1.5.2-server.js"), "utf8"),
  /** The half of Prototype.js that is about the language: `Array.from = $A`, `Enumerable` on arrays, and the rest. */
  "Prototype.js": () => bundle(resolve("prototype/lib/index.js")),
  /** Angular's: a `Promise` of its own, wrapped timers and listeners. */
  "zone.js": () => readFileSync(resolve("zone.js"), "utf8"),
} as const;

export type Library = keyof typeof LIBRARIES;

/** A library as a script element of the page. */
export function libraryScript(name: Library): string {
  return `<script>${LIBRARIES[name]().replaceAll("</script", String.raw`<\/script`)}</script>`;
}

function bundle(entry: string): string {
  const { outputFiles } = buildSync({ entryPoints: [entry], bundle: true, format: "iife", write: false });
  return outputFiles[0]?.text ?? "";
}
