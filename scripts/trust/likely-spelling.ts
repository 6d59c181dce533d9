import { closest, distance } from "fastest-levenshtein";

/** One letter in three may be wrong; more is another word. */
const CHARACTERS_PER_MISTAKE = 3;

/** From this length on, a part of a name stands for it, as `color` for `accentColor`. */
const PART_MIN_CHARACTERS = 4;

/** The name that somebody may have meant, whatever its case, hyphens and underscores, or none. */
export function likelySpelling(word: string, names: readonly string[]): string | undefined {
  const plainNames = new Map(names.map((name) => [plain(name), name]));
  const typed = plain(word);
  if (typed === "" || plainNames.size === 0) return undefined;
  const whole = [...plainNames.keys()].find((name) => typed.length >= PART_MIN_CHARACTERS && name.includes(typed));
  if (whole !== undefined) return plainNames.get(whole);
  const nearest = closest(typed, [...plainNames.keys()]);
  const mistakes = distance(typed, nearest);
  return mistakes * CHARACTERS_PER_MISTAKE <= Math.max(typed.length, nearest.length)
    ? plainNames.get(nearest)
    : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, "");
}
