import { accessSync, constants, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

export function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Where a program of this name may be: the folders of PATH, and those that a bare PATH leaves out. */
export function candidatesOnPath(name: string): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, "/usr/bin", "/usr/local/bin"].map((folder) => join(folder, name));
}

export function findOnPath(name: string): string | undefined {
  return candidatesOnPath(name).find(isExecutableFile);
}

/**
 * The path in an environment variable; `undefined` when it is not set.
 *
 * @throws Error when nothing can be run there: a mistyped path is an error, not a reason to test some other browser.
 */
export function executableFromEnvironment(variable: string): string | undefined {
  const asked = process.env[variable];
  if (asked === undefined || asked === "") return undefined;
  if (!isExecutableFile(asked)) throw new Error(`${variable} is "${asked}", which is not a file that can be run.`);
  return asked;
}

/**
 * Snap packages see a `/tmp` of their own, and so would ignore the profile a test writes for them.
 * Ubuntu's `chromium-browser` and `firefox` are small shell scripts that call the snap; `/snap/bin/*` links to `/usr/bin/snap`.
 */
export function isSnap(path: string): boolean {
  const target = realpathSync(path);
  if (path.startsWith("/snap/") || target.startsWith("/snap/") || target.endsWith("/snap")) return true;
  return statSync(target).size < 20_000 && readFileSync(target, "utf8").includes("/snap/bin/");
}
