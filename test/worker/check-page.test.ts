import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { VERSION } from "../../dist/iframe-script.ts";
import { HUB, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const DOMAINS = ["https://www.shop-a.com", "https://*.shop-b.com"];

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant(DOMAINS);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function askFrom(site: string | undefined, headers: Record<string, string> = {}): Promise<Response> {
  return ask(`/t/${id}/check`, { headers: { ...(site !== undefined && { Referer: site }), ...headers } });
}

function policyOf(response: Response): string {
  return response.headers.get("Content-Security-Policy") ?? "";
}

describe("the check page", () => {
  test.each([
    undefined,
    "https://www.shop-a.com/",
    "https://x.shop-b.com/basket",
    `${HUB}/t/acme/check`,
    "about:blank",
    "nonsense",
  ])("asked for from %s, runs its own script, and in the tenant's sites alone", async (site) => {
    const response = await askFrom(site);
    expect(response.status).toBe(200);
    expectStrictHeaders(response);
    expect(policyOf(response)).toContain(`; script-src ${HUB}/v/${VERSION}/check.mjs; `);
    expect(policyOf(response)).toMatch(
      /; connect-src 'self'; frame-ancestors https:\/\/www\.shop-a\.com https:\/\/\*\.shop-b\.com$/,
    );
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(log.entries).toEqual([]);
  });

  test("tells its script the tenant, its domains, and what the browser says of storage access", async () => {
    const html = await (await askFrom(undefined, { "Sec-Fetch-Storage-Access": "none" })).text();
    const config: unknown = JSON.parse(/id="carryover-config">(.*?)<\/script>/s.exec(html)?.[1] ?? "");
    expect(config).toEqual({
      tenant: id,
      version: VERSION,
      trustedDomains: DOMAINS,
      storageAccess: "none",
      handoff: true,
    });
  });

  test("answers HEAD, and 405 to other methods; 404 for a tenant that there is not", async () => {
    expect((await ask(`/t/${id}/check`, { method: "HEAD" })).status).toBe(200);
    expect((await ask(`/t/${id}/check`, { method: "POST" })).status).toBe(405);
    expect((await ask("/t/nobody/check")).status).toBe(404);
  });
});

describe("a site that the tenant does not trust", () => {
  test.each([
    "https://evil.example/page?secret",
    "https://shop-c.com/",
    "http://www.shop-a.com/",
    "https://www.shop-a.com:8443/",
  ])(
    "such as %s is told so, in a page that it may embed: no script, no button, no list of the others",
    async (referrer) => {
      const { origin } = new URL(referrer);
      const response = await askFrom(referrer);
      const html = await response.text();
      expect(response.status).toBe(403);
      expectStrictHeaders(response);
      expect(policyOf(response)).toMatch(/frame-ancestors [^ ]+$/);
      expect(policyOf(response)).toContain(`frame-ancestors ${origin}`);
      expect(policyOf(response)).not.toContain("script-src");
      expect(html).toContain(`<code>${origin}</code> is not among its TRUSTED_DOMAINS.`);
      expect(html).not.toMatch(/<script|<button|shop-b\.com<|secret/);
      expect(log.entries).toEqual([
        expect.objectContaining({ event: "refused", tenant: id, status: 403, reason: "check: site not trusted" }),
      ]);
      expect(log.text()).not.toContain("evil");
    },
  );

  test.each([
    `https://evil.example"><script>alert(1)</script>/`,
    "https://evil.example;script-src",
    "https://evil.example,https:",
    "https://a b.example/",
    "data:text/html,x",
    "null",
  ])("cannot write into the page or its policy: %s", async (referrer) => {
    const response = await askFrom(referrer);
    const html = await response.text();
    expect(html).not.toContain("<script>");
    expect(policyOf(response)).not.toContain("*;");
    expect(policyOf(response).match(/script-src/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(policyOf(response)).not.toContain("evil.example;script");
    expect(policyOf(response)).not.toContain("evil.example,");
  });
});
