/** Puts each fault into a copy of the sources, and looks for it. */
import { compileSubject } from "../hub/compile-subject.ts";
import { hunt } from "../search/hunt.ts";
import { buildMutant } from "./build-mutant.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./mutant.ts";

/** @returns whether every one is found */
export async function tryMutants(limits: { readonly seconds: number; readonly seed: number }): Promise<boolean> {
  const found: Mutant[] = [];
  for (const mutant of MUTANTS) {
    const startMs = performance.now();
    try {
      const tried = await hunt(compileSubject(await buildMutant(mutant)), mutant.breaks, limits);
      if (tried) found.push(mutant);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      console.log(
        `${tried ? "found   " : "NOT FOUND"} ${seconds} s  ${mutant.name} (${tried?.outcome.violation?.what ?? mutant.breaks})`,
      );
    } catch (error) {
      console.log(`FAILED    ${mutant.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`${found.length} of ${MUTANTS.length} mutants found`);
  return found.length === MUTANTS.length;
}
