import { readableOn, textOn } from "../../protocol/contrast.ts";

const LIGHT = { page: "#eef0f3", card: "#ffffff" };
const DARK = { page: "#14161b", card: "#24272e" };

/** Of a tenant that has named no colour. The card has the same. */
const DEFAULT_ACCENT = "#1a56db";

/** The page's style sheet, in the tenant's colour: on buttons as it is, as text only as far as it can be read. */
export function styleSheet(accentColor = DEFAULT_ACCENT): string {
  const scheme = ({ page, card }: typeof LIGHT) =>
    `--page:${page};--card:${card};--link:${readableOn(card, accentColor)}`;
  return `:root{--accent:${accentColor};--on-accent:${textOn(accentColor)};${scheme(LIGHT)};--ink:#1b2330;--soft:#566173;--line:#d5dae2;--shade:rgb(15 23 42/.14)}
@media(prefers-color-scheme:dark){:root{${scheme(DARK)};--ink:#f1f4f8;--soft:#b3bccb;--line:#4a5060;--shade:rgb(0 0 0/.5)}}
${STATIC}`;
}

const STATIC = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100svh;display:grid;padding:16px;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word;-webkit-text-size-adjust:100%}
main{width:100%;max-width:27rem;min-width:0;margin:auto;padding:28px;background:var(--card);border-radius:16px;box-shadow:0 1px 2px var(--shade),0 8px 28px var(--shade)}
.brand{display:flex;align-items:center;gap:12px;margin:0 0 22px;font-weight:600}
.brand span{min-width:0}
.brand svg{flex:none;width:40px;height:40px;padding:7px;border-radius:11px;background:var(--accent);color:var(--on-accent);border:1px solid var(--link)}
h1{margin:0 0 8px;font-size:1.5rem;line-height:1.25;text-wrap:balance}
p{margin:0 0 12px;text-wrap:pretty}
.action{display:block;width:100%;min-height:48px;margin:0;padding:11px 18px;border:1px solid transparent;border-radius:10px;font:inherit;font-weight:600;line-height:1.5;text-align:center;text-decoration:none;cursor:pointer}
.proceed{margin-top:22px;background:var(--accent);color:var(--on-accent);border-color:var(--link)}
.proceed:hover{box-shadow:0 2px 10px var(--shade)}
.forget{margin-top:10px;background:none;color:var(--ink);border-color:var(--line);font-weight:500}
.forget:hover{border-color:currentColor}
.action:active{transform:translateY(1px)}
[aria-busy=true] .action{opacity:.6;cursor:progress}
.returns{margin:8px 0 0;color:var(--soft);font-size:.875rem;text-align:center}
.needs-script{visibility:hidden}
.scripted .needs-script{visibility:visible}
@media(scripting:none){.needs-script{display:none}}
[hidden]{display:none}
#status{margin:18px 0 0;font-weight:600}
#status:empty{margin:0}
.no-script{margin:18px 0 0;padding:12px 14px;border:1px solid var(--line);border-radius:10px;font-size:.9375rem}
.sites{margin-top:26px;padding-top:18px;border-top:1px solid var(--line)}
h2,summary{margin:0;font-size:.875rem;font-weight:600;color:var(--soft)}
summary{width:fit-content;min-height:24px;cursor:pointer}
ul{margin:8px 0 0;padding:0;list-style:none;font-size:.9375rem}
li{padding:3px 0}
footer{margin-top:18px;font-size:.875rem}
footer a{display:inline-block;min-height:24px;color:var(--link);text-underline-offset:3px}
:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:6px}
.action:focus-visible{border-radius:10px}
#status:focus-visible{outline:none}
@media(max-width:400px){body{padding:0;background:var(--card)}main{margin:0;padding:24px 20px;border-radius:0;box-shadow:none}}
@media(prefers-reduced-motion:reduce){.action:active{transform:none}}
@media print{body{display:block;padding:0}main{max-width:none;padding:0;box-shadow:none}.action,.returns,.brand svg{display:none}}
`.trim();
