/** A page that loads Prototype.js before any other script. */
import { describe } from "vitest";
import { libraryScript } from "./library.ts";
import { expectEachWay } from "./ways-out.ts";

describe("on a page with Prototype.js", () => {
  expectEachWay({ head: libraryScript("Prototype.js") }, () => Array.from({ length: 1 }, () => 1)[0] === undefined);
});
