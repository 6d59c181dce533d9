import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BLACK,
  CONTROL_CONTRAST,
  type Color,
  TEXT_CONTRAST,
  WHITE,
  buttonColors,
  contrast,
  formatColor,
  parseColor,
} from "../../client/card/contrast.ts";
import { DARK_SURFACE, DEFAULT_ACCENT, LIGHT_SURFACE, cardStyle } from "../../client/card/style.ts";

const channel = fc.nat(255);
const anyColor: fc.Arbitrary<Color> = fc.oneof(
  fc.tuple(channel, channel, channel),
  channel.map((grey): Color => [grey, grey, grey]),
);

describe("contrast", () => {
  test.each<[Color, Color, number]>([
    [WHITE, BLACK, 21],
    [BLACK, WHITE, 21],
    [[119, 119, 119], WHITE, 4.48],
    [[118, 118, 118], WHITE, 4.54],
    [[0, 0, 255], WHITE, 8.59],
    [[255, 0, 0], WHITE, 4],
    [[10, 125, 85], [10, 125, 85], 1],
  ])("of %j and %j is %d", (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
  });
});

describe("a brand's colour", () => {
  test("is read from #rrggbb", () => {
    expect(parseColor("#0a7d55")).toEqual([10, 125, 85]);
    expect(parseColor("#FFFFFF")).toEqual(WHITE);
    expect(formatColor([10, 125, 85])).toBe("rgb(10 125 85)");
  });

  test.each(["", "#fff", "0a7d55", "#0a7d5", "#0a7d555", "red", "#0a7d55;}", "#gggggg", " #0a7d55"])(
    "is not %j, and the card has its own then",
    (text) => {
      expect(parseColor(text)).toBeUndefined();
      expect(cardStyle(text)).toBe(cardStyle(undefined));
    },
  );
});

describe.each([
  ["light", LIGHT_SURFACE],
  ["dark", DARK_SURFACE],
])("the button on the %s card", (_scheme, surface) => {
  test("can be read and told from the card, whatever the brand's colour", () => {
    fc.assert(
      fc.property(anyColor, (accent) => {
        const { background, text } = buttonColors(accent, surface);
        return contrast(text, background) >= TEXT_CONTRAST && contrast(background, surface) >= CONTROL_CONTRAST;
      }),
      { numRuns: 5000, examples: [[surface], [BLACK], [WHITE], [DEFAULT_ACCENT]] },
    );
  });

  test("has the brand's colour itself wherever that will do", () => {
    fc.assert(
      fc.property(anyColor, (accent) => {
        fc.pre(contrast(accent, surface) >= CONTROL_CONTRAST);
        expect(buttonColors(accent, surface).background).toEqual(accent);
      }),
    );
  });

  test("is the brand's colour no more changed than it must be", () => {
    fc.assert(
      fc.property(anyColor, (accent) => {
        fc.pre(contrast(accent, surface) < CONTROL_CONTRAST && Math.max(...accent) - Math.min(...accent) >= 32);
        expect(contrast(buttonColors(accent, surface).background, surface)).toBeLessThan(CONTROL_CONTRAST + 0.5);
      }),
    );
  });
});

test("a grey becomes black or white, and not the grey of a disabled button", () => {
  expect(buttonColors(WHITE, LIGHT_SURFACE)).toEqual({ background: BLACK, text: WHITE });
  expect(buttonColors([24, 26, 30], DARK_SURFACE)).toEqual({ background: WHITE, text: BLACK });
  expect(buttonColors([24, 26, 30], LIGHT_SURFACE)).toEqual({ background: [24, 26, 30], text: WHITE });
});

test("a yellow that is made darker keeps its hue", () => {
  const {
    background: [red, green, blue],
    text,
  } = buttonColors([255, 221, 0], LIGHT_SURFACE);
  expect(red / green).toBeCloseTo(255 / 221, 1);
  expect(blue).toBe(0);
  expect(text).toEqual(BLACK);
});
