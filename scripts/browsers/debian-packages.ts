import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { findOnPath } from "./executables.ts";
import { isDebianItself, parseOsRelease, type SystemFacts } from "./install-advice.ts";

export function systemFacts(): SystemFacts {
  return {
    platform: process.platform,
    osRelease: parseOsRelease(existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : ""),
    isRoot: process.getuid?.() === 0,
  };
}

/** Whether this process may install Debian's own packages: Debian, root, apt-get. */
export function canInstallPackages(system: SystemFacts): boolean {
  return (
    system.platform === "linux" &&
    system.isRoot &&
    isDebianItself(system.osRelease) &&
    findOnPath("apt-get") !== undefined
  );
}

let listsAreFresh = false;

/** @throws Error when apt-get fails, which then has said why. */
export function installPackages(packages: readonly string[]): void {
  console.error(`Installing Debian's packages with \`apt-get install ${packages.join(" ")}\`.`);
  if (!listsAreFresh) aptGet(["update"]);
  listsAreFresh = true;
  aptGet(["install", "-y", "--no-install-recommends", ...packages]);
}

function aptGet(args: readonly string[]): void {
  // Another apt may be at work (a first boot's unattended upgrade): wait for its lock instead of failing.
  execFileSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}
