import { type Language, TEXTS } from "./texts.ts";

/**
 * The card's language: the page's locale, else the visitor's languages in their order, else English. A tag counts as its
 * language: `pt-BR` as `pt`.
 *
 * @param locale BCP 47, or `""` where the page has no wish
 * @param preferred `navigator.languages`
 */
export function chooseLanguage(locale: string, preferred: readonly string[]): Language {
  for (const tag of [locale, ...preferred]) {
    const [language = ""] = tag.toLowerCase().split(/[-_]/);
    if (isLanguage(language)) return language;
  }
  return "en";
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

function isLanguage(language: string): language is Language {
  return Object.hasOwn(TEXTS, language);
}
