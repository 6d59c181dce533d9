/** A page that loads zone.js before any other script. */
import { describe } from "vitest";
import { libraryScript } from "./library.ts";
import { expectEachWay } from "./ways-out.ts";

describe("on a page with zone.js", () => {
  expectEachWay(
    { head: libraryScript("zone.js") },
    () => "Zone" in window && Reflect.get(window, "__zone_symbol__Promise") !== Promise,
  );
});
