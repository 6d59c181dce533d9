import { html, raw } from "hono/html";
import { VERSION } from "../../dist/iframe-script.ts";
import {
  CONTINUE_CONFIG_ELEMENT_ID,
  CONTINUE_ELEMENT_IDS,
  type ContinueConfig,
} from "../../protocol/continue-config.ts";
import { type TrustedOrigin, partsOf } from "../../protocol/origins.ts";
import type { Tenant } from "../../tenants/tenant-document.ts";
import { directionOf } from "./language.ts";
import { type Language, STRINGS, type Strings } from "./strings.ts";

/** Where the page's script is, on the hub. */
export const SCRIPT_PATH = `/v/${VERSION}/continue.mjs`;

/** Longer lists are folded away. */
const MAX_SITES_SHOWN = 6;

type Html = ReturnType<typeof html>;

/** What both forms of the page have in common. */
type Look = { readonly tenant: Tenant; readonly language: Language; readonly style: string };

/** Where the page leads back to. */
export type WayBack = {
  readonly url: URL | undefined;
  /** Whether the sessions come along. */
  readonly carries: boolean;
};

const NOTHING = raw("");

/** The page itself, with the way back if there is one. */
export function renderContinuePage(look: Look, tenantId: string, { url: returnUrl, carries }: WayBack): Html {
  const { tenant, language } = look;
  const strings = STRINGS[language];
  const { working, done, closable, forgotten, failed } = strings;
  const config: ContinueConfig = {
    tenant: tenantId,
    handoff: carries,
    says: { working, done, closable, forgotten, failed },
  };
  const { proceed, forget, status } = CONTINUE_ELEMENT_IDS;

  return renderDocument(
    look,
    strings.title,
    html`<p>${strings.intro}</p>
      ${
        returnUrl
          ? // The site learns that the visitor comes from the hub, and nothing of this address.
            html`<a class="action proceed" id="${proceed}" href="${returnUrl.href}" referrerpolicy="strict-origin"
                >${strings.proceed}</a
              >
              <p class="returns">${renderReturnsTo(strings, returnUrl)}</p>`
          : html`<button type="button" class="action proceed needs-script" id="${proceed}">${strings.proceed}</button>`
      }
      <button type="button" class="action forget needs-script" id="${forget}">${strings.forget}</button>
      <p id="${status}" role="status" tabindex="-1"></p>
      <noscript><p class="no-script">${strings.noScript}</p></noscript>
      ${renderSites(strings, tenant.trustedOrigins)}
      ${
        tenant.privacyUrl === undefined
          ? NOTHING
          : html`<footer><a href="${tenant.privacyUrl}" target="_blank" rel="noopener">${strings.privacy}</a></footer>`
      }`,
    html`<script type="application/json" id="${CONTINUE_CONFIG_ELEMENT_ID}">
        ${raw(JSON.stringify(config).replaceAll("<", "\\u003c"))}
      </script>
      <script type="module" src="${SCRIPT_PATH}"></script>`,
  );
}

/** The page for an address whose way back cannot be trusted. It leads nowhere. */
export function renderRefusal(look: Look): Html {
  const strings = STRINGS[look.language];
  return renderDocument(
    look,
    strings.refusedTitle,
    html`<p>${strings.refused}</p>
      ${renderSites(strings, look.tenant.trustedOrigins)}`,
  );
}

function renderDocument(
  { tenant, language, style }: Look,
  title: string,
  content: Html,
  scripts: Html = NOTHING,
): Html {
  const brand = tenant.displayName;
  return html`<!doctype html>
    <html lang="${language}" dir="${directionOf(language)}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}${brand === undefined ? "" : ` – ${brand}`}</title>
        ${raw(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <p class="brand">
            ${raw(CHAT_ICON)}${brand === undefined ? NOTHING : html`<span dir="auto">${brand}</span>`}
          </p>
          <h1>${title}</h1>
          ${content}
        </main>
        ${scripts}
      </body>
    </html> `;
}

const CHAT_ICON = `<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d="M2.5 9.5C2.5 5.9 5.8 3 10 3s7.5 2.9 7.5 6.5S14.2 16 10 16c-.8 0-1.6-.1-2.3-.3L3.5 17.5l.8-3.5C3.2 12.8 2.5 11.2 2.5 9.5Z"/><path d="M6.8 9.6h.01M10 9.6h.01M13.2 9.6h.01"/></svg>`;

function renderReturnsTo({ returnsTo }: Strings, { host }: URL): Html {
  const [before = "", after = ""] = returnsTo.split("{site}");
  return html`${before}<bdi dir="ltr">${host}</bdi>${after}`;
}

function renderSites({ sites }: Strings, trustedOrigins: readonly TrustedOrigin[]): Html {
  const names = [...new Set(trustedOrigins.map(nameOf))];
  if (names.length === 0) return NOTHING;
  const list = html`<ul>
    ${names.map((name) => html`<li><bdi dir="ltr">${name}</bdi></li>`)}
  </ul>`;
  return names.length > MAX_SITES_SHOWN
    ? html`<details class="sites">
        <summary>${sites} (${names.length})</summary>
        ${list}
      </details>`
    : html`<section class="sites">
        <h2>${sites}</h2>
        ${list}
      </section>`;
}

function nameOf(trusted: TrustedOrigin): string {
  const { origin, subdomains } = partsOf(trusted);
  return `${subdomains ? "*." : ""}${new URL(origin).host}`;
}
