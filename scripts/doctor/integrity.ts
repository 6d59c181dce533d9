import { createHash } from "node:crypto";

const STRENGTHS = ["sha256", "sha384", "sha512"];

/**
 * Whether a browser takes a file for the one that an `integrity` attribute means: of several hashes the strongest kind counts, and
 * one of that kind must fit. Without any that it knows, everything fits.
 *
 * @see https://www.w3.org/TR/SRI/#does-response-match-metadatalist
 */
export function matchesIntegrity(integrity: string, content: Uint8Array): boolean {
  const hashes = integrity
    .trim()
    .split(/\s+/)
    .map((hash) => /^(sha256|sha384|sha512)-([\w+/-]+=*)(?:\?.*)?$/.exec(hash))
    .filter((hash) => hash !== null)
    .map(([, algorithm = "", value = ""]) => ({ algorithm, value: Buffer.from(value, "base64").toString("base64") }));
  const strongest = STRENGTHS.findLast((strength) => hashes.some(({ algorithm }) => algorithm === strength));
  if (strongest === undefined) return true;
  const actual = createHash(strongest).update(content).digest("base64");
  return hashes.some(({ algorithm, value }) => algorithm === strongest && value === actual);
}
