export interface SystemFacts {
  platform: NodeJS.Platform;
  osRelease: OsRelease;
  isRoot: boolean;
}

/** `ID` and `ID_LIKE` of /etc/os-release; empty on systems that have no such file. */
export interface OsRelease {
  id: string;
  idLike: string[];
}

export function parseOsRelease(text: string): OsRelease {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^([A-Z_]+)=["']?(.*?)["']?\s*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1], match[2]);
  }
  return {
    id: fields.get("ID") ?? "",
    idLike: (fields.get("ID_LIKE") ?? "").split(/\s+/).filter((id) => id !== ""),
  };
}

/** Debian or a relative whose `chromium` package is the browser itself. Ubuntu's is a stub that installs a snap. */
export function isDebianItself(osRelease: OsRelease): boolean {
  return isAnyOf(osRelease, "debian") && !isAnyOf(osRelease, "ubuntu");
}

/** What somebody at this system should do to get a browser the tests can drive. */
export function installAdvice({ platform, osRelease, isRoot }: SystemFacts): string {
  return `The browser tests need Chrome, Chromium or Edge, and none was found. ${advice()} Or set CHROME_PATH to one that is installed elsewhere.`;

  function advice(): string {
    if (platform === "darwin") return "Install one: brew install --cask google-chrome.";
    if (platform === "win32") return "Install one: winget install Google.Chrome.";
    if (isAnyOf(osRelease, "ubuntu")) {
      return (
        "Ubuntu's chromium package is only a stub for the snap, which cannot read a test's profile in /tmp: " +
        "install Google's own package from https://www.google.com/chrome/ (apt-get install ./google-chrome-stable_current_amd64.deb)."
      );
    }
    if (isAnyOf(osRelease, "debian")) {
      const command = "apt-get update && apt-get install -y --no-install-recommends chromium";
      return isRoot ? `Run: ${command}.` : `Run as root: ${command}.`;
    }
    if (isAnyOf(osRelease, "fedora") || isAnyOf(osRelease, "rhel")) return "Run as root: dnf install chromium.";
    if (isAnyOf(osRelease, "arch")) return "Run as root: pacman -S chromium.";
    if (isAnyOf(osRelease, "alpine")) return "Run as root: apk add chromium.";
    return "Install your system's chromium package.";
  }
}

function isAnyOf(osRelease: OsRelease, id: string): boolean {
  return osRelease.id === id || osRelease.idLike.includes(id);
}
