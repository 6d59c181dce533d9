import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where packages of other people are looked for. */
export const LIBRARY_FOLDERS = [fileURLToPath(new URL("../../../node_modules", import.meta.url))];

/** The text of a file of a package: what a page would load from a CDN. */
export function libraryFile(packageName: string, pathInside: string): string {
  const candidates = LIBRARY_FOLDERS.map((folder) => path.join(folder, packageName, pathInside));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`${packageName} is not installed, or has no ${pathInside}.`);
  return readFileSync(file, "utf8");
}
