import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { DEMO } from "./paths.ts";

const ASSETS = join(DEMO, "dist/assets");

/** The shop pages' script and style sheets. deep-chat goes into a chunk of its own, loaded when a chat is shown. */
export async function buildDemoPages(): Promise<void> {
  await rm(ASSETS, { recursive: true, force: true });
  await bundle({
    entryPoints: ["pages/main.ts", "styles/shop-a.css", "styles/shop-b.css"].map((path) => join(DEMO, path)),
    outdir: ASSETS,
    entryNames: "[name]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: ["chrome119", "firefox117", "safari17"],
    legalComments: "none",
    logLevel: "warning",
  });
}
