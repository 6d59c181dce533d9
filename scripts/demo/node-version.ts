/** The first Node that runs TypeScript files as they are; wrangler wants 22 as well. */
const MAJOR = 22;
const MINOR = 18;

/** npm scripts bring a Node of their own where one is published for the platform, so this speaks to the others. */
export function requireNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MAJOR || (major === MAJOR && minor >= MINOR)) return;
  throw new Error(`The demo needs Node ${MAJOR}.${MINOR} or newer, and this is ${version}. Try: npm run demo`);
}
