import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyReleases, keepRelease } from "../../scripts/releases.ts";
import { type TemporaryFolder, temporaryFolder } from "../browser/harness/temporary-folder.ts";

let folder: TemporaryFolder;
let releases: string;
let versions: string;

beforeEach(() => {
  folder = temporaryFolder("carryover-releases-");
  releases = path.join(folder.path, "releases");
  versions = path.join(folder.path, "v");
});

afterEach(() => folder.remove());

function built(version: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(path.join(versions, version), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(versions, version, name), content);
}

function served(version: string, name = "a.js"): string | undefined {
  const file = path.join(versions, version, name);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

describe("a release that was kept", () => {
  beforeEach(() => {
    built("1.0.0", { "a.js": "one", "manifest.json": "{}" });
    keepRelease(releases, versions, "1.0.0");
  });

  test("is served by every later build, byte for byte, also one from a clean clone", () => {
    built("1.1.0", { "a.js": "two" });
    copyReleases(releases, versions, "1.1.0");
    expect([served("1.0.0"), served("1.1.0")]).toEqual(["one", "two"]);
    // A clean clone has what was kept, and no build.
    rmSync(versions, { recursive: true });
    built("1.2.0", { "a.js": "three" });
    copyReleases(releases, versions, "1.2.0");
    expect([served("1.0.0"), served("1.2.0")]).toEqual(["one", "three"]);
  });

  test("is put right where somebody has changed what is served", () => {
    built("1.0.0", { "a.js": "tampered" });
    copyReleases(releases, versions, "1.1.0");
    expect(served("1.0.0")).toBe("one");
  });

  test("may be built again, to the same files", () => {
    copyReleases(releases, versions, "1.0.0");
    expect(keepRelease(releases, versions, "1.0.0")).toBe("was kept before");
    expect(served("1.0.0")).toBe("one");
  });

  test.each([
    ["a changed file", { "a.js": "other" }, "a.js"],
    ["a file more", { "b.js": "new" }, "b.js"],
  ])("cannot be replaced by a build of its version with %s", (_, files, named) => {
    built("1.0.0", files);
    expect(() => copyReleases(releases, versions, "1.0.0")).toThrow(
      `Version 1.0.0 is released, and this build changes ${named} of it: give package.json a new version.`,
    );
  });
});

test("a version that nobody has released goes with the next build: a deploy from another machine would not have it", () => {
  built("0.9.0", { "a.js": "never released" });
  built("1.0.0", { "a.js": "one" });
  copyReleases(releases, versions, "1.0.0");
  expect([served("0.9.0"), served("1.0.0")]).toEqual([undefined, "one"]);
});
