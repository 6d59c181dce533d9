/** Puts each fault into a copy of the sources, and looks for it. */
import { compileSubject } from "../hub/compile-subject.ts";
import { hunt } from "../search/hunt.ts";
import { buildSources } from "./build-mutant.ts";
import { MUTANTS } from "./list.ts";
import type { Mutant } from "./mutant.ts";

export type MutantLimits = {
  /** For each. */
  readonly seconds: number;
  readonly seed: number;
  /** Only those that `npm test` tries. */
  readonly isShort: boolean;
  /** Only those whose name has this in it. */
  readonly only: string;
};

/** @returns whether every one is found */
export async function tryMutants(limits: MutantLimits): Promise<boolean> {
  const sound = compileSubject(await buildSources());
  const mutants = MUTANTS.filter(({ name, isShort }) => (isShort || !limits.isShort) && name.includes(limits.only));
  const found: Mutant[] = [];
  for (const mutant of mutants) {
    const startMs = performance.now();
    const seconds = () => `${((performance.now() - startMs) / 1000).toFixed(1)} s`.padStart(7);
    try {
      const tried = await hunt({ sound, faulty: compileSubject(await buildSources(mutant)) }, mutant, limits);
      if (tried) found.push(mutant);
      const { violation } = tried?.outcome ?? {};
      console.log(
        `${tried ? "found    " : "NOT FOUND"} ${seconds()}  ${violation?.rule ?? mutant.breaks.join()}  ${mutant.name}`,
      );
      if (violation && tried) console.log(`                     ${violation.what}`);
    } catch (error) {
      console.log(`FAILED    ${seconds()}  ${mutant.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(`${found.length} of ${mutants.length} mutants found`);
  return found.length === mutants.length;
}
