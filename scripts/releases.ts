/**
 * Releases that pages may have pinned by their hash. A deploy replaces all that the hub serves, so each release's files are kept in
 * `releases/<version>/`, under version control, and every build puts them beside its own.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** Puts every release beside the files of this build, and takes away what is of neither. */
export function copyReleases(releases: string, versions: string, current: string): void {
  const kept = listFolders(releases);
  for (const version of listFolders(versions)) {
    if (version !== current && !kept.includes(version)) rmSync(path.join(versions, version), { recursive: true });
  }
  for (const version of kept) {
    if (version === current) requireUnchanged(path.join(releases, version), path.join(versions, version), version);
    else cpSync(path.join(releases, version), path.join(versions, version), { recursive: true });
  }
}

/** Keeps the files of this build for good. */
export function keepRelease(releases: string, versions: string, current: string): "kept" | "was kept before" {
  const to = path.join(releases, current);
  if (existsSync(to)) return "was kept before";
  mkdirSync(releases, { recursive: true });
  cpSync(path.join(versions, current), to, { recursive: true });
  return "kept";
}

/** A released file is immutable: browsers keep it for a year, and pages know its hash. */
function requireUnchanged(released: string, built: string, version: string): void {
  const names = new Set([...readdirSync(released), ...readdirSync(built)]);
  const changed = [...names].filter((name) => !isSame(path.join(released, name), path.join(built, name)));
  if (changed.length === 0) return;
  throw new Error(
    `Version ${version} is released, and this build changes ${changed.join(", ")} of it: give package.json a new version.`,
  );
}

function isSame(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && readFileSync(one).equals(readFileSync(other));
}

function listFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
