/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

export type ButtonColors = { readonly background: Color; readonly text: Color };

export const BLACK: Color = [0, 0, 0];
export const WHITE: Color = [255, 255, 255];

/** WCAG 2.2, 1.4.3: text on its background. */
export const TEXT_CONTRAST = 4.5;
/** WCAG 2.2, 1.4.11: a control against what is around it. */
export const CONTROL_CONTRAST = 3;

/** How many shades between the brand's colour and black or white are tried. */
const SHADES = 64;

/** Channels nearer to each other than this make a grey. */
const GREY_SPREAD = 32;

/** @param hex `#rrggbb`; anything else is no colour */
export function parseColor(hex: string): Color | undefined {
  if (!/^#[\da-f]{6}$/i.test(hex)) return undefined;
  const number = parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

export function formatColor(color: Color): string {
  return `rgb(${color.join(" ")})`;
}

/**
 * The nearest shade of the brand's colour that can be told from the card, and white or black on it, whichever can be read.
 * Darker on a light surface, lighter on a dark one; of greys black or white itself, since a middle grey looks disabled. Black
 * or white always has enough contrast: of any colour's two, the
 * product is 21, so the better one is above 4.58.
 *
 * @param surface the card's own colour, itself far enough from one of the two ends
 */
export function buttonColors(accent: Color, surface: Color): ButtonColors {
  const end = contrast(surface, WHITE) > contrast(surface, BLACK) ? WHITE : BLACK;
  const isGrey = Math.max(...accent) - Math.min(...accent) < GREY_SPREAD;
  let background = accent;
  for (let shade = 1; contrast(background, surface) < CONTROL_CONTRAST && shade <= SHADES; shade++) {
    background = mix(accent, end, isGrey ? 1 : shade / SHADES);
  }
  return { background, text: contrast(background, WHITE) >= TEXT_CONTRAST ? WHITE : BLACK };
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Color, other: Color): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance([red, green, blue]: Color): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Rounded, so that what was measured is what is shown. */
function mix([red, green, blue]: Color, [endRed, endGreen, endBlue]: Color, share: number): Color {
  const channel = (from: number, to: number) => Math.round(from + (to - from) * share);
  return [channel(red, endRed), channel(green, endGreen), channel(blue, endBlue)];
}
