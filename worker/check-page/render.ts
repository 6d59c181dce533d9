import { html, raw } from "hono/html";
import { VERSION } from "../../dist/iframe-script.ts";
import { CHECK_CONFIG_ELEMENT_ID, CHECK_ELEMENT_IDS, type CheckConfig } from "../../protocol/check-config.ts";
import { snippetFor } from "./snippet.ts";
import { CHECK_STYLE } from "./style.ts";

/** Where the page's script is, on the hub. */
export const SCRIPT_PATH = `/v/${VERSION}/check.mjs`;

type Html = ReturnType<typeof html>;

/** The page that its script fills. For integrators, and in English, as all that is written for them. */
export function renderCheckPage(hub: string, found: Omit<CheckConfig, "version">): Html {
  const config: CheckConfig = { ...found, version: VERSION };
  const { summary, rungs, shop, snippet, report, copy } = CHECK_ELEMENT_IDS;
  return renderDocument(
    found.tenant,
    html`<p id="${summary}" role="status">Looking …</p>
      <noscript><p>This page needs JavaScript, as the chat does.</p></noscript>
      <ul id="${rungs}"></ul>
      <section id="${shop}" hidden>
        <h2>Check one of your sites</h2>
        <p>
          Here the hub is at home, and browsers give it its cookies. What they do on your site shows there: open it,
          open the browser's console, and paste this. Reload the page to be rid of it.
        </p>
        <pre id="${snippet}" tabindex="0">${snippetFor(hub, found.tenant)}</pre>
      </section>
      <section class="report">
        <h2>Report</h2>
        <textarea id="${report}" readonly rows="12" spellcheck="false" aria-label="Report"></textarea>
        <button type="button" id="${copy}">Copy the report</button>
      </section>`,
    html`<script type="application/json" id="${CHECK_CONFIG_ELEMENT_ID}">
        ${raw(JSON.stringify(config).replaceAll("<", "\\u003c"))}
      </script>
      <script type="module" src="${SCRIPT_PATH}"></script>`,
  );
}

/** The page for a site that the tenant does not trust. It has no script, and nothing to click. */
export function renderUntrusted(tenant: string, site: string): Html {
  return renderDocument(
    tenant,
    html`<p id="${CHECK_ELEMENT_IDS.summary}">
        The tenant “${tenant}” does not trust this site, so nothing is shared with it.
      </p>
      <ul id="${CHECK_ELEMENT_IDS.rungs}">
        <li data-verdict="bad">
          <h2>This site</h2>
          <p class="verdict">does not work</p>
          <p><code>${site}</code> is not among its TRUSTED_DOMAINS.</p>
          <p class="remedy">
            Add <code>"${site}"</code> to TRUSTED_DOMAINS in the tenant's document, put it into KV, and come back after
            two minutes. If the tenant is another, its name is in the address of this page and in your IFRAME_URL.
          </p>
        </li>
      </ul>`,
    html``,
  );
}

function renderDocument(tenant: string, content: Html, scripts: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Carryover check – ${tenant}</title>
        ${raw(`<style>${CHECK_STYLE}</style>`)}
      </head>
      <body>
        <main>
          <p class="place">Carryover ${VERSION} · tenant <b>${tenant}</b></p>
          <h1>What works here</h1>
          ${content}
        </main>
        ${scripts}
      </body>
    </html> `;
}
