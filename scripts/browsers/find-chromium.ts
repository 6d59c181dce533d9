import { homedir } from "node:os";
import { join } from "node:path";
import { canInstallPackages, installPackages, systemFacts } from "./debian-packages.ts";
import { candidatesOnPath, executableFromEnvironment, isExecutableFile, isSnap } from "./executables.ts";
import { installAdvice } from "./install-advice.ts";

/**
 * The path of an installed Chrome, Chromium or Edge; `undefined` when there is none.
 *
 * `CHROME_PATH` comes first and must be right. Snap packages are passed over.
 */
export function findChromium(): string | undefined {
  return (
    executableFromEnvironment("CHROME_PATH") ?? usualPlaces().find((path) => isExecutableFile(path) && !isSnap(path))
  );
}

/**
 * The same, but installs Debian's own `chromium` package where that is possible (Debian, root, apt-get).
 *
 * @throws Error saying what to install on this system, when there is no browser and none can be installed.
 */
export function ensureChromium(): string {
  const found = findChromium();
  if (found !== undefined) return found;

  const system = systemFacts();
  if (!canInstallPackages(system)) throw new Error(installAdvice(system));
  installPackages(["chromium"]);
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
