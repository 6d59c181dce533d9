/** Compiles a build, for all the worlds that it is to be tried in. */
import type { Subject } from "../run-world.ts";
import { compilePageScripts } from "../world/scripts.ts";
import type { Build } from "./build.ts";
import { compileHub } from "./hub.ts";

export function compileSubject(build: Build): Subject {
  return { startHub: compileHub(build.worker), scripts: compilePageScripts(build) };
}
