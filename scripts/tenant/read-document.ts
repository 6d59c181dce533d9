import { readFileSync } from "node:fs";
import type { Tenant } from "../../tenants/tenant-document.ts";
import { type Finding, checkDocument } from "./check-document.ts";
import { findJsonPlaces } from "./json-places.ts";

/** A document as it goes into KV, with what it means. */
export type TenantDocument = { readonly text: string; readonly tenant: Tenant };

export type ReadDocument = {
  /** None if the file is refused. */
  readonly document: TenantDocument | undefined;
  /** Lines such as `acme.json:5: TRUSTED_DOMAINS[3] "http://b.example" must be https://`. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
};

/** Reads and checks a file. `shownAs` is its name in messages. */
export function readDocument(file: string, shownAs: string, { remote }: { remote: boolean }): ReadDocument {
  let source: string;
  try {
    // Without the byte order mark that some editors write.
    source = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return refuse(`${shownAs}: ${whyUnreadable(error)}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (error) {
    return refuse(`${shownAs}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const places = findJsonPlaces(source);
  const { findings, tenant } = checkDocument(json, { remote });
  const repeated = places.repeatedKeys.map((path): Finding => ({ isError: true, path, message: "is there twice" }));
  const placed = [...repeated, ...findings]
    .map((finding) => ({ ...finding, line: places.lineOf(pathInFile(finding.path, json)) }))
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const lines = (isError: boolean): string[] =>
    placed.filter((one) => one.isError === isError).map((one) => describe(one, shownAs));
  const isRefused = tenant === undefined || repeated.length > 0;
  return {
    document: isRefused ? undefined : { text: serialise(json), tenant },
    errors: lines(true),
    warnings: lines(false),
  };
}

/** The stored form: compact, and without `$schema`, which is for editors. Keys of a later version stay. */
export function serialise(json: unknown): string {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return JSON.stringify(json);
  const { $schema: _, ...stored } = json as Readonly<Record<string, unknown>>;
  return JSON.stringify(stored);
}

/** A bare array has the path "" in its file, and that of the object's key in findings. */
function pathInFile(path: string, json: unknown): string {
  return Array.isArray(json) ? path.replace(/^TRUSTED_DOMAINS/, "") : path;
}

function describe({ isError, path, message, line }: Finding & { line: number | undefined }, shownAs: string): string {
  const where = line === undefined ? shownAs : `${shownAs}:${line}`;
  return `${where}: ${isError ? "" : "warning: "}${`${path} ${message}`.trim()}`;
}

function whyUnreadable(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "is a folder; to put each file in it, name no tenant";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "is not UTF-8 text; save it as UTF-8";
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

function refuse(error: string): ReadDocument {
  return { document: undefined, errors: [error], warnings: [] };
}
