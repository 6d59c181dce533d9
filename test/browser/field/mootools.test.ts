/** A page that loads MooTools before any other script. */
import { describe } from "vitest";
import { libraryScript } from "./library.ts";
import { expectEachWay } from "./ways-out.ts";

describe("on a page with MooTools", () => {
  expectEachWay({ head: libraryScript("MooTools") }, () => Array.from("text")[0] === "text");
});
