import { parseArgs } from "node:util";
import { parseTrustedDomain, partsOf } from "../../protocol/origins.ts";
import { type Result, failure, success } from "../../protocol/result.ts";
import { TENANT_ID_PATTERN } from "../../protocol/routes.ts";

export const USAGE = [
  "Usage: npm run doctor -- [--json] [--strict] <hub> <tenant> <page-url…>",
  "",
  "  hub       the hub's origin, such as https://chat-hub.example",
  "  tenant    the tenant's id, such as acme",
  "  page-url  one or more pages of the tenant, such as https://www.shop-a.com/",
  "",
  "  --json    the report as JSON",
  "  --strict  warnings fail, too",
  "",
  "Exit code: 0 no problem, 1 problems, 2 wrong arguments.",
].join("\n");

export type Arguments = {
  readonly hub: URL;
  readonly tenant: string;
  readonly pages: readonly URL[];
  readonly json: boolean;
  readonly strict: boolean;
};

/** @returns `"help"` when that was asked for; the reason of a refusal names the argument and says what it should be */
export function parseArguments(argv: readonly string[]): Result<Arguments | "help"> {
  let parsed;
  try {
    const flag = { type: "boolean", default: false } as const;
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: flag, strict: flag, help: { ...flag, short: "h" } },
    });
  } catch (error) {
    return failure((error as Error).message);
  }
  const { json, strict, help } = parsed.values;
  if (help) return success("help");
  const [hubText, tenant, ...pageTexts] = parsed.positionals;
  if (hubText === undefined) return failure("The hub is missing.");
  const hub = parseHub(hubText);
  if (!hub.ok) return hub;
  if (tenant === undefined) return failure("The tenant is missing.");
  if (!new RegExp(`^${TENANT_ID_PATTERN}$`).test(tenant)) {
    return failure(
      `The tenant must be a lower-case letter and up to 62 letters, digits and hyphens, not ${quote(tenant)}.`,
    );
  }
  if (pageTexts.length === 0) return failure("A page is missing.");
  const pages: URL[] = [];
  for (const text of pageTexts) {
    const page = parsePage(text);
    if (!page.ok) return page;
    pages.push(page.value);
  }
  return success({ hub: hub.value, tenant, pages, json, strict });
}

function parseHub(text: string): Result<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text)) {
    return failure(`The hub must be an origin such as https://chat-hub.example, not ${quote(text)}.`);
  }
  // The same rules as for a trusted domain. The slash that address bars add is let pass.
  const parsed = parseTrustedDomain(text.replace(/\/$/, ""));
  if (!parsed.ok) return failure(`The hub ${quote(text)} ${parsed.reason}. Try ${url.origin}.`);
  if (partsOf(parsed.value).subdomains) return failure(`The hub ${quote(text)} must be one host, without *.`);
  return success(new URL(parsed.value));
}

function parsePage(text: string): Result<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:\/\//i.test(text)) {
    return failure(`A page must be a URL such as https://www.shop-a.com/, not ${quote(text)}.`);
  }
  if (url.username || url.password) return failure("A page's URL must not hold a user name or password.");
  url.hash = "";
  return success(url);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
