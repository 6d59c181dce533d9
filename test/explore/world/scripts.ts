/** The scripts of the hub that pages load, compiled. */
import type { Build } from "../hub/build.ts";
import { type Compiled, compileModule, compileScript } from "./compile.ts";
import { GLOBAL_NAMES } from "./globals.ts";

export type PageScripts = {
  readonly page: Compiled;
  /** By the end of the URL that a script imports. What is not here does not load, as where a page's policy forbids it. */
  readonly modules: ReadonlyMap<string, Compiled>;
};

export function compilePageScripts({ pageScript, linksModule }: Build): PageScripts {
  return {
    page: compileScript(pageScript, GLOBAL_NAMES, "cookie-provider.js"),
    modules: new Map([["/links.mjs", compileModule(linksModule, GLOBAL_NAMES, "links.mjs")]]),
  };
}
