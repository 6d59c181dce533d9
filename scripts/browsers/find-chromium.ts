import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { installAdvice, isDebianItself, parseOsRelease } from "./install-advice.ts";

/**
 * The path of an installed Chrome, Chromium or Edge; `undefined` when there is none.
 *
 * `CHROME_PATH` comes first and must be right: a mistyped path is an error, not a reason to test some other browser.
 * Snap packages are passed over: they see a `/tmp` of their own, and so would ignore the profile a test writes for them.
 */
export function findChromium(): string | undefined {
  const asked = process.env["CHROME_PATH"];
  if (asked !== undefined && asked !== "") {
    if (!isExecutableFile(asked)) throw new Error(`CHROME_PATH is "${asked}", which is not a file that can be run.`);
    return asked;
  }
  return usualPlaces().find((path) => isExecutableFile(path) && !isSnap(path));
}

/**
 * The same, but installs Debian's own `chromium` package where that is possible (Debian, root, apt-get).
 *
 * @throws Error saying what to install on this system, when there is no browser and none can be installed.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;

  const system = {
    platform: process.platform,
    osRelease: parseOsRelease(readIfPresent("/etc/os-release")),
    isRoot: process.getuid?.() === 0,
  };
  if (system.platform !== "linux" || !system.isRoot || !isDebianItself(system.osRelease) || !onPath("apt-get")) {
    throw new Error(installAdvice(system));
  }

  console.error("No Chromium found: installing Debian's package with `apt-get install chromium`.");
  aptGet(["update"]);
  aptGet(["install", "-y", "--no-install-recommends", "chromium"]);
  const installed = findChromium();
  if (installed === undefined)
    throw new Error("apt-get installed `chromium`, but no browser is to be found. Set CHROME_PATH.");
  return installed;
}

function usualPlaces(): string[] {
  switch (process.platform) {
    case "darwin":
      return ["/Applications", join(homedir(), "Applications")].flatMap((folder) => [
        join(folder, "Google Chrome.app/Contents/MacOS/Google Chrome"),
        join(folder, "Chromium.app/Contents/MacOS/Chromium"),
        join(folder, "Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
      ]);
    case "win32":
      return [
        "Google\\Chrome\\Application\\chrome.exe",
        "Chromium\\Application\\chrome.exe",
        "Microsoft\\Edge\\Application\\msedge.exe",
      ].flatMap((program) =>
        ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].flatMap((variable) => {
          const folder = process.env[variable];
          return folder === undefined ? [] : [join(folder, program)];
        }),
      );
    default:
      return [
        "google-chrome-stable",
        "google-chrome",
        "chromium",
        "chromium-browser",
        "microsoft-edge-stable",
        "microsoft-edge",
      ].flatMap(candidatesOnPath);
  }
}

function candidatesOnPath(name: string): string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders, "/usr/bin", "/usr/local/bin"].map((folder) => join(folder, name));
}

function onPath(name: string): boolean {
  return candidatesOnPath(name).some(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Ubuntu's `chromium-browser` is a small shell script that calls the snap; `/snap/bin/*` links to `/usr/bin/snap`. */
function isSnap(path: string): boolean {
  const target = realpathSync(path);
  if (path.startsWith("/snap/") || target.startsWith("/snap/") || target.endsWith("/snap")) return true;
  return statSync(target).size < 20_000 && readFileSync(target, "utf8").includes("/snap/bin/");
}

function readIfPresent(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function aptGet(args: string[]): void {
  // Another apt may be at work (a first boot's unattended upgrade): wait for its lock instead of failing.
  execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}
