/**
 * Bundles the client: what the hub serves as files (dist/assets), and what the Worker inlines (dist/iframe-script.ts).
 * The schema of tenant documents is among the files, for operators' editors.
 * `wrangler dev` and `wrangler deploy` run it by themselves.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { tenantSchema } from "../tenants/tenant-schema.ts";
import { copyReleases } from "./releases.ts";

const root = path.join(import.meta.dirname, "..");
const assets = path.join(root, "dist/assets");

/** The files of each version, as served and as kept. */
export const VERSIONS = path.join(assets, "v");
export const RELEASES = path.join(root, "releases");

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };

/** Browsers since 2022: Chrome 103, Firefox 100, Safari 16. */
const target = ["es2022", "safari16"];

const files = [
  { entry: "client/global.ts", file: "cookie-provider.min.js", format: "iife" },
  { entry: "client/index.ts", file: "cookie-provider.mjs", format: "esm" },
  { entry: "client/links/links.ts", file: "links.mjs", format: "esm" },
  { entry: "client/card/card-module.ts", file: "card.mjs", format: "esm" },
  { entry: "client/iframe/static-page.ts", file: "iframe.min.js", format: "iife" },
  { entry: "client/continue/continue-page.ts", file: "continue.mjs", format: "esm" },
  { entry: "client/check/check-page.ts", file: "check.mjs", format: "esm" },
] as const;

export type ManifestFile = {
  readonly file: string;
  readonly bytes: number;
  readonly brotliBytes: number;
  readonly integrity: string;
};
export type Manifest = { readonly version: string; readonly files: readonly ManifestFile[] };

export async function build(): Promise<Manifest> {
  const built = new Map<string, string>();
  for (const { entry, file, format } of files) {
    for (const [name, content] of await bundle(entry, file, format)) built.set(name, content);
  }
  built.set("cookie-provider.d.ts", readFileSync(path.join(root, "client/cookie-provider.d.ts"), "utf8"));
  built.set("tenant.schema.json", `${JSON.stringify(tenantSchema(), null, 2)}\n`);
  const manifest = describe(built);

  await writeIframeScript();
  for (const [name, content] of built) {
    write(path.join(assets, name), content);
    write(path.join(VERSIONS, version, name), content);
  }
  write(path.join(VERSIONS, version, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  write(path.join(assets, "_headers"), readFileSync(path.join(root, "client/_headers")));
  copyReleases(RELEASES, VERSIONS, version);
  return manifest;
}

/** The script of the iframe page and its hash for the Content-Security-Policy, as a module for the Worker. */
async function writeIframeScript(): Promise<void> {
  const name = "iframe-script.js";
  const script = (await bundle("client/iframe/hub-page.ts", name, "iife")).get(name) ?? "";
  if (/<\/script|<!--/i.test(script))
    throw new Error("The iframe's script would end the <script> element that it is inlined in.");
  const module = [
    "// Written by scripts/build.ts.",
    `export const VERSION = ${JSON.stringify(version)};`,
    `export const IFRAME_SCRIPT = ${JSON.stringify(script)};`,
    `export const IFRAME_SCRIPT_HASH = "'sha256-${createHash("sha256").update(script).digest("base64")}'";`,
    "",
  ].join("\n");
  write(path.join(root, "dist/iframe-script.ts"), module);
}

/** What a page needs to pin a file by Subresource Integrity, and what the file costs it. */
function describe(built: ReadonlyMap<string, string>): Manifest {
  const described = [...built].map(([file, content]) => ({
    file,
    bytes: Buffer.byteLength(content),
    brotliBytes: brotliCompressSync(Buffer.from(content)).length,
    integrity: `sha384-${createHash("sha384").update(content).digest("base64")}`,
  }));
  return { version, files: described };
}

/** Bundles with esbuild, and has terser make it smaller still: a few per cent, which every visitor would pay for. */
async function bundle(entry: string, file: string, format: "iife" | "esm"): Promise<Map<string, string>> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(root, entry)],
    outfile: path.join(assets, file),
    bundle: true,
    minify: true,
    sourcemap: "external",
    target,
    format,
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    // No "use strict" of its own in a plain script, for some bytes: classes and modules are strict, and tsc has checked the rest.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, verbatimModuleSyntax: true } },
    define: { VERSION: JSON.stringify(version), ...(format === "iife" && { "import.meta.url": '""' }) },
    write: false,
  });
  const [map = "", bundled = ""] = outputFiles
    .toSorted((one, other) => other.path.length - one.path.length)
    .map(({ text }) => text);
  const { code = "", map: minifiedMap } = await minify(bundled, {
    ecma: 2020,
    module: format === "esm",
    // "Unsafe" for functions that are used as constructors, and for objects that are put into texts and say two things of themselves,
    // one as a text and another as a value; of those we have none.
    compress: { passes: 3, hoist_funs: true, unsafe: true, unsafe_arrows: true },
    sourceMap: { content: map, filename: file, includeSources: true },
  });
  return new Map([
    [`${file}.map`, minifiedMap as string],
    [file, code],
  ]);
}

/** Leaves a file alone that is right already: a running `wrangler dev` may be serving it. */
function write(file: string, content: string | Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(content))) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

if (import.meta.main) {
  const { files: built } = await build();
  for (const { file, bytes, brotliBytes } of built)
    console.log(`${file.padEnd(28)} ${bytes} bytes, ${brotliBytes} brotli`);
}
