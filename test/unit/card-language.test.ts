import { describe, expect, test } from "vitest";
import { chooseLanguage, directionOf } from "../../client/card/choose-language.ts";
import { type Language, TEXTS } from "../../client/card/texts.ts";

const LANGUAGES = Object.keys(TEXTS) as Language[];

describe("the card's language", () => {
  test.each<[locale: string, preferred: string[], language: Language]>([
    ["de", ["fr"], "de"],
    ["de-CH", ["fr"], "de"],
    ["PT-br", [], "pt"],
    ["pt_BR", [], "pt"],
    ["ja-Jpan-JP-u-ca-japanese", [], "ja"],
    ["ar-EG", ["en"], "ar"],
    ["sv-SE", ["nl-BE", "en"], "nl"],
    ["", ["sv", "da-DK", "pl", "en"], "pl"],
    ["", ["en-GB", "de"], "en"],
  ])("with %j on the page and %j in the browser is %s", (locale, preferred, language) => {
    expect(chooseLanguage(locale, preferred)).toBe(language);
  });

  test.each(["", "sv", "-", "deu", "constructor", "__proto__", "toString-x", "*"])(
    "is English where %j is all there is",
    (locale) => {
      expect(chooseLanguage(locale, [])).toBe("en");
      expect(chooseLanguage("", [locale])).toBe("en");
    },
  );

  test("runs from right to left in Arabic alone", () => {
    expect(LANGUAGES.filter((language) => directionOf(language) === "rtl")).toEqual(["ar"]);
  });

  test("is one of ten", () => {
    expect(LANGUAGES.toSorted()).toEqual(["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"]);
  });
});

describe.each(LANGUAGES)("the texts in %s", (language) => {
  const texts = TEXTS[language];

  test("name the organisation once, or nobody", () => {
    for (const key of ["save", "continue", "openPopup"] as const) {
      const halves = /\[([^[\]|]*)\|([^[\]|]*)\]/.exec(texts[key]);
      expect(halves?.[1]?.split("%"), `${key}, named`).toHaveLength(2);
      expect(texts[key].replace(halves?.[0] ?? "", ""), `${key}, generic`).not.toMatch(/[%[\]|]/);
      expect(halves?.[2], `${key}, generic`).not.toContain("%");
    }
  });

  test("are plain elsewhere, and never empty", () => {
    for (const key of ["yes", "no", "privacy", "waiting", "oneMoreStep"] as const) {
      expect(texts[key], key).toMatch(/^[^%[\]|]+$/);
    }
  });

  test("are short", () => {
    for (const key of ["yes", "no", "privacy"] as const) expect(texts[key].length, key).toBeLessThanOrEqual(15);
    for (const key of ["save", "continue", "waiting", "oneMoreStep"] as const) {
      expect(texts[key].length, key).toBeLessThanOrEqual(100);
    }
  });
});
