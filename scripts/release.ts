/** `npm run release`: keeps the files of this version for good, so that pages may pin them. */
import { VERSIONS, RELEASES, build } from "./build.ts";
import { keepRelease } from "./releases.ts";

const { version } = await build();
const outcome = keepRelease(RELEASES, VERSIONS, version);
console.log(`releases/${version} ${outcome}.`);
if (outcome === "kept")
  console.log(`Commit it, and tag the commit: git add releases && git commit && git tag v${version}`);
