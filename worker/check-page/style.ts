/** The check page's style sheet: of the family of the continue page, and wider. */
export const CHECK_STYLE = `
:root{color-scheme:light dark;--page:#eef0f3;--card:#fff;--ink:#1b2330;--soft:#566173;--line:#d5dae2;--link:#1a56db;--good:#0a6b45;--limited:#8a5300;--bad:#b3261e;--open:#1a56db}
@media(prefers-color-scheme:dark){:root{--page:#14161b;--card:#24272e;--ink:#f1f4f8;--soft:#b3bccb;--line:#4a5060;--link:#8ab4ff;--good:#6fd6a4;--limited:#f0b866;--bad:#ff9a92;--open:#8ab4ff}}
*{box-sizing:border-box}
body{margin:0;padding:16px;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{max-width:46rem;margin:0 auto;padding:24px 28px 28px;background:var(--card);border:1px solid var(--line);border-radius:16px}
h1{margin:2px 0 10px;font-size:1.5rem;line-height:1.25}
h2{margin:0;font-size:1rem;line-height:1.5}
p{margin:0;text-wrap:pretty}
.place{color:var(--soft);font-size:.875rem}
#summary{font-size:1.0625rem}
#rungs{margin:20px 0 0;padding:0;list-style:none;border-top:1px solid var(--line)}
li{display:grid;grid-template-columns:9.5rem 1fr;gap:2px 16px;padding:12px 0;border-bottom:1px solid var(--line)}
li>*{grid-column:2}
li>h2{grid-column:1;grid-row:1/span 4}
.verdict{font-weight:600;color:var(--soft)}
.verdict::before{content:"";display:inline-block;width:.625em;height:.625em;margin-right:.5em;border:2px solid;border-radius:50%}
[data-verdict=good] .verdict{color:var(--good)}
[data-verdict=good] .verdict::before{background:currentColor}
[data-verdict=limited] .verdict{color:var(--limited)}
[data-verdict=limited] .verdict::before{background:linear-gradient(90deg,currentColor 50%,transparent 50%)}
[data-verdict=bad] .verdict{color:var(--bad)}
[data-verdict=bad] .verdict::before{border-radius:0;background:currentColor}
[data-verdict=open] .verdict{color:var(--open)}
.remedy{color:var(--soft)}
code,pre,textarea{font:.8125rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre,textarea{display:block;width:100%;margin:8px 0 0;padding:12px;border:1px solid var(--line);border-radius:10px;background:var(--page);color:var(--ink)}
pre{white-space:pre-wrap}
textarea{resize:vertical}
section{margin-top:24px}
section p{color:var(--soft)}
button{min-height:40px;margin-top:8px;padding:6px 16px;border:1px solid var(--link);border-radius:10px;background:none;color:var(--link);font:inherit;font-weight:600;cursor:pointer}
button:hover{background:color-mix(in srgb,var(--link) 12%,transparent)}
button:disabled{border-color:var(--line);color:var(--soft);background:none;cursor:default}
li button{justify-self:start}
[hidden]{display:none}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
@media(max-width:480px){body{padding:0;background:var(--card)}main{padding:20px;border:0;border-radius:0}li{display:block}}
@media print{body{padding:0}main{border:0}button{display:none}}
`.trim();
