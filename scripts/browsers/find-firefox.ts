import { homedir } from "node:os";
import { join } from "node:path";
import { candidatesOnPath, executableFromEnvironment, isExecutableFile, isSnap } from "./executables.ts";

/** Debian's packages for it. */
export const FIREFOX_PACKAGES: readonly string[] = ["firefox-esr"];

/** The path of an installed Firefox; `undefined` when there is none. `FIREFOX_PATH` comes first and must be right. */
export function findFirefox(): string | undefined {
  return (
    executableFromEnvironment("FIREFOX_PATH") ?? usualPlaces().find((path) => isExecutableFile(path) && !isSnap(path))
  );
}

function usualPlaces(): string[] {
  switch (process.platform) {
    case "darwin":
      return ["/Applications", join(homedir(), "Applications")].map((folder) =>
        join(folder, "Firefox.app/Contents/MacOS/firefox"),
      );
    case "win32":
      return ["ProgramFiles", "ProgramFiles(x86)"].flatMap((variable) => {
        const folder = process.env[variable];
        return folder === undefined ? [] : [join(folder, "Mozilla Firefox\\firefox.exe")];
      });
    default:
      return ["firefox", "firefox-esr"].flatMap(candidatesOnPath);
  }
}
