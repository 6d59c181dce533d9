import { type Engine, whyNoEngine } from "../../../scripts/browsers/ensure-engine.ts";

/**
 * For the name of a group of tests that must be skipped where an engine cannot be had: the reason in brackets, or `""`.
 *
 * @example
 * const noFirefox = missingEngine("firefox");
 * describe.skipIf(noFirefox)(`the card in Firefox${noFirefox}`, () => { … });
 */
export function missingEngine(engine: Engine): string {
  const reason = whyNoEngine(engine);
  return reason === undefined ? "" : ` (${reason})`;
}
