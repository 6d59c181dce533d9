/**
 * Colours in which text can be read, by the contrast of WCAG 2.2. A colour here is `#rrggbb`, as a tenant document has it.
 *
 * @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 */

/** What WCAG asks of text, at level AA. */
export const MIN_TEXT_CONTRAST = 4.5;

const MIX_STEPS = 20;

/** From 1 (the same) to 21 (black on white). */
export function contrastBetween(one: string, other: string): number {
  const luminances = [luminanceOf(one), luminanceOf(other)];
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05);
}

/** Black or white, whichever is the more readable on the background. It is at least 4.58 : 1 on every colour. */
export function textOn(background: string): "#000000" | "#ffffff" {
  return contrastBetween(background, "#ffffff") >= contrastBetween(background, "#000000") ? "#ffffff" : "#000000";
}

/** The colour, darkened or lightened no further than it takes to be text on the background. */
export function readableOn(background: string, color: string): string {
  const towards = textOn(background);
  for (let step = 0; step < MIX_STEPS; step++) {
    const mixed = mix(color, towards, step / MIX_STEPS);
    if (contrastBetween(background, mixed) >= MIN_TEXT_CONTRAST) return mixed;
  }
  return towards;
}

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}

function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param share of the second colour, from 0 to 1 */
function mix(color: string, towards: string, share: number): string {
  const end = channelsOf(towards);
  const mixed = channelsOf(color).map((channel, n) => Math.round(channel + ((end[n] ?? 0) - channel) * share));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
