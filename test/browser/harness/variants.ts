import type { Engine } from "./browser.ts";

/**
 * The variants of a condition that are tried in an engine: all of them in Chromium, which takes half the others' time; elsewhere the
 * first few, so that a run takes minutes and not an hour. With `EVERY_VARIANT=1` in the environment, all of them everywhere.
 */
export function variantsIn<T>(engine: Engine, all: readonly T[], few: number): readonly T[] {
  return engine === "chromium" || process.env["EVERY_VARIANT"] === "1" ? all : all.slice(0, few);
}
