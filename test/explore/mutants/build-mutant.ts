/** Builds a copy of the sources, as they are or with a fault in it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { type Build, ROOT, bundleWorker } from "../hub/build.ts";
import type { Mutant } from "./mutant.ts";

/** What page scripts and Worker are made of. Not each folder is there at all times. */
const SOURCES = ["client", "protocol", "session", "tenants", "worker"];

const VERSION = "0.0.0";

export async function buildSources(mutant?: Pick<Mutant, "file" | "find" | "replace">): Promise<Build> {
  const folder = mkdtempSync(path.join(tmpdir(), "carryover-mutant-"));
  try {
    for (const source of SOURCES) {
      const from = path.join(ROOT, source);
      if (existsSync(from)) cpSync(from, path.join(folder, source), { recursive: true });
    }
    cpSync(path.join(ROOT, "tsconfig.json"), path.join(folder, "tsconfig.json"));
    symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
    if (mutant) putIn(folder, mutant);
    mkdirSync(path.join(folder, "dist"));
    const iframeScript = await bundle(folder, "client/iframe/hub-page.ts", "iife");
    const exported = { VERSION, IFRAME_SCRIPT: iframeScript, IFRAME_SCRIPT_HASH: "'none'" };
    const lines = Object.entries(exported).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`);
    writeFileSync(path.join(folder, "dist/iframe-script.ts"), lines.join("\n"));
    return {
      pageScript: await bundle(folder, "client/global.ts", "iife"),
      linksModule: await bundle(folder, "client/links/links.ts", "esm"),
      worker: await bundleWorker(folder),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function putIn(folder: string, { file, find, replace }: Pick<Mutant, "file" | "find" | "replace">): void {
  const target = path.join(folder, file);
  writeFileSync(target, replaceOnce(readFileSync(target, "utf8"), find, replace));
}

function replaceOnce(text: string, find: string | RegExp, replace: string): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${String(find)} is there ${places} times: the mutant no longer fits the source.`);
  return text.replace(find, () => replace);
}

async function bundle(folder: string, entry: string, format: "iife" | "esm"): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(folder, entry)],
    bundle: true,
    write: false,
    format,
    target: "es2022",
    charset: "utf8",
    define: { VERSION: JSON.stringify(VERSION) },
    logLevel: "warning",
    logOverride: { "empty-import-meta": "silent" },
  });
  return outputFiles[0]?.text ?? "";
}
