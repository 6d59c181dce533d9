import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, isExecutableFile } from "./executables.ts";

/** Debian's packages for all of it. */
export const WEBKIT_PACKAGES: readonly string[] = ["webkit2gtk-driver", "xvfb", "xdotool"];

/** WebKitGTK's own small browser, what drives it, and what it takes to see and answer its prompts. */
export interface WebKitPrograms {
  driver: string;
  miniBrowser: string;
  /** An X server without a screen. */
  xvfb: string;
  /** Clicks on the X server, where WebDriver does not reach. */
  xdotool: string;
}

/** `undefined` unless all of it is installed. WebKitGTK is for Linux; other systems have no WebKit that could be driven like this. */
export function findWebKit(): WebKitPrograms | undefined {
  if (process.platform !== "linux") return undefined;
  const driver = findOnPath("WebKitWebDriver");
  const miniBrowser = miniBrowsers().find(isExecutableFile);
  const xvfb = findOnPath("Xvfb");
  const xdotool = findOnPath("xdotool");
  if (driver === undefined || miniBrowser === undefined || xvfb === undefined || xdotool === undefined)
    return undefined;
  return { driver, miniBrowser, xvfb, xdotool };
}

/** `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser` on Debian, `/usr/libexec/webkit2gtk-4.1/MiniBrowser` on Fedora. */
function miniBrowsers(): string[] {
  const libraries = foldersIn("/usr/lib").filter((folder) => folder.endsWith("-linux-gnu"));
  return ["/usr/libexec", "/usr/lib", ...libraries]
    .flatMap(foldersIn)
    .filter((folder) => /\/webkit(2gtk|gtk)-[\d.]+$/.test(folder))
    .map((folder) => join(folder, "MiniBrowser"));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
