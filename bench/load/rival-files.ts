import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as esbuild from "esbuild";

const require = createRequire(import.meta.url);

const CROSS_STORAGE = {
  client: require.resolve("cross-storage/dist/client.min.js"),
  hub: require.resolve("cross-storage/dist/hub.min.js"),
};

const ROOT = path.join(import.meta.dirname, "../..");

/** A page of bench/rivals, bundled and minified as a site would ship it. */
export async function bundleRival(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(ROOT, "bench/rivals", entry)],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "safari16"],
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** What the package itself ships for pages. */
export function readCrossStorage(file: "client" | "hub"): string {
  return readFileSync(CROSS_STORAGE[file], "utf8");
}
