import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { type Result, failure, success } from "../../protocol/result.ts";
import { startWrangler } from "./wrangler.ts";

export type WranglerAnswer = { readonly stdout: string; readonly stderr: string };

/** Runs a command of wrangler that ends by itself. The reason of a failure is wrangler's own words. */
export async function askWrangler(args: readonly string[]): Promise<Result<WranglerAnswer>> {
  const wrangler = startWrangler(args);
  const [code, stdout, stderr] = await Promise.all([wrangler.exited, text(wrangler.stdout), text(wrangler.stderr)]);
  await wrangler.stop();
  if (code === 0) return success({ stdout, stderr: stripVTControlCharacters(stderr) });
  // Its own output has what kept it from starting at all.
  const words = stripVTControlCharacters(`${stderr}\n${stdout}`.trim() || wrangler.output()).trim();
  return failure(words || `wrangler ended with exit code ${code}, and without a word`);
}
