import { type Language, STRINGS } from "./strings.ts";

const FALLBACK: Language = "en";

/** Languages written from right to left. */
const RIGHT_TO_LEFT: ReadonlySet<Language> = new Set(["ar"]);

/**
 * Picks the visitor's language of those that there are, by the whole tag's first part: `de-AT` is German.
 *
 * @param accepted the `Accept-Language` header (RFC 9110, section 12.5.4)
 */
export function pickLanguage(accepted: string | undefined): Language {
  let best: { language: Language; weight: number } | undefined;
  for (const range of (accepted ?? "").split(",")) {
    const [tag = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const language = tag.split("-")[0] ?? "";
    const weight = weightOf(parameters);
    if (isLanguage(language) && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? FALLBACK;
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(STRINGS, tag);
}

/** 1 unless said otherwise; 0, which means "not this one", for what cannot be read. */
function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith("q="));
  if (q === undefined) return 1;
  return /^q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(q) ? Number(q.slice(2)) : 0;
}
