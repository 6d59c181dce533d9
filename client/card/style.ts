import { type Color, WHITE, buttonColors, formatColor, parseColor } from "./contrast.ts";

/** For brands without a colour. */
export const DEFAULT_ACCENT: Color = [26, 86, 219];
export const LIGHT_SURFACE = WHITE;
export const DARK_SURFACE: Color = [36, 39, 46];

/**
 * The card's style sheet. The document around it stays transparent: `color-scheme` is the same as the iframe element's, or
 * browsers would paint a ground behind it. Text is in rem, to grow with the visitor's text size; the room around it is not, or
 * little would be left for words on a phone.
 *
 * @param accentColor `#rrggbb`
 */
export function cardStyle(accentColor: string | undefined): string {
  const accent = parseColor(accentColor ?? "") ?? DEFAULT_ACCENT;
  return `
:root { color-scheme: light dark; ${surfaceColors(LIGHT_SURFACE, accent)} --text: #1b2330; --soft: #566173; --line: #d5dae2; --shade: rgb(15 23 42 / 0.22) }
@media (prefers-color-scheme: dark) { :root { ${surfaceColors(DARK_SURFACE, accent)} --text: #f1f4f8; --soft: #b3bccb; --line: #4a5060; --shade: rgb(0 0 0 / 0.6) } }
body { margin: 0 }
section { box-sizing: border-box; min-width: 240px; padding: 8px 10px 16px; font: 0.9375rem/1.45 system-ui, sans-serif; color: var(--text); overflow-wrap: anywhere }
.card { padding: 16px; border: 1px solid var(--line); border-radius: 14px; background: var(--surface); box-shadow: 0 3px 12px -2px var(--shade) }
p { margin: 0 0 14px; text-wrap: pretty }
.buttons { display: flex; flex-wrap: wrap; gap: 8px }
button { flex: 1 1 auto; min-height: 44px; padding: 8px 14px; border: 1px solid var(--soft); border-radius: 10px; background: none; color: inherit; font: inherit; font-weight: 600; cursor: pointer }
button:first-child { flex-grow: 2; border-color: transparent; background: var(--accent); color: var(--on-accent) }
button:hover { box-shadow: 0 0 0 3px color-mix(in srgb, currentcolor 16%, transparent) }
button:first-child:hover { box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 35%, transparent) }
button[aria-disabled] { opacity: 0.5; box-shadow: none; cursor: default }
a { display: flex; align-items: center; width: fit-content; min-height: 44px; margin: 4px auto -12px; padding: 0 8px; border-radius: 10px; font-size: 0.8125rem; color: var(--soft) }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px }
@media (prefers-reduced-motion: no-preference) {
  .card { animation: arrive 0.22s ease-out }
  @keyframes arrive { from { opacity: 0; translate: 0 8px } }
}
`;
}

function surfaceColors(surface: Color, accent: Color): string {
  const { background, text } = buttonColors(accent, surface);
  return `--surface: ${formatColor(surface)}; --accent: ${formatColor(background)}; --on-accent: ${formatColor(text)};`;
}
