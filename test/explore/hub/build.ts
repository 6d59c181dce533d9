/** What is explored: the built page scripts as pages load them, and the Worker with the iframe's script in it, as text. */
import { readFileSync } from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";

export type Build = {
  readonly pageScript: string;
  readonly linksModule: string;
  readonly worker: string;
};

export const ROOT = path.join(import.meta.dirname, "../../..");

/** The build in `dist/`, which `npm run build` makes. */
export async function readBuild(): Promise<Build> {
  const assets = path.join(ROOT, "dist/assets");
  return {
    pageScript: readFileSync(path.join(assets, "cookie-provider.min.js"), "utf8"),
    linksModule: readFileSync(path.join(assets, "links.mjs"), "utf8"),
    worker: await bundleWorker(ROOT),
  };
}

/** The Worker as one script that leaves its exports in `hub`. It inlines `dist/iframe-script.ts` of the same folder. */
export async function bundleWorker(root: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(root, "worker/index.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "hub",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    alias: { "cloudflare:workers": path.join(import.meta.dirname, "cloudflare-workers.ts") },
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}
