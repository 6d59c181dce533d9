import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { IFRAME_SCRIPT_HASH, VERSION } from "../../dist/iframe-script.ts";
import { ask, askWithoutKv, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function ancestors(response: Response): string | undefined {
  return /frame-ancestors ([^;]*)/.exec(response.headers.get("Content-Security-Policy") ?? "")?.[1];
}

function config(html: string): unknown {
  return JSON.parse(/<script type="application\/json" id="carryover-config">(.*?)<\/script>/.exec(html)?.[1] ?? "null");
}

describe("the iframe page", () => {
  test("lets the tenant's trusted domains embed it, and nobody else", async () => {
    const id = await putTenant([
      "https://www.shop-a.com",
      "https://*.shop-b.com",
      "www.shop-c.com:8443",
      "http://shop.localhost:3000",
    ]);
    const response = await ask(`/t/${id}/iframe.html`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expectStrictHeaders(response);
    expect(ancestors(response)).toBe(
      "https://www.shop-a.com https://*.shop-b.com https://www.shop-c.com:8443 http://shop.localhost:3000",
    );
  });

  test("runs its own inlined script only, by hash", async () => {
    const id = await putTenant(["https://www.shop-a.com"]);
    const response = await ask(`/t/${id}/iframe.html`);
    const html = await response.text();
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? "");
    expect(scripts).toHaveLength(1);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(scripts[0]));
    expect(IFRAME_SCRIPT_HASH).toBe(`'sha256-${btoa(String.fromCharCode(...new Uint8Array(hash)))}'`);
    expect(response.headers.get("Content-Security-Policy")).toContain(
      `script-src ${IFRAME_SCRIPT_HASH} https://hub.test/v/${VERSION}/card.mjs;`,
    );
  });

  test("tells its script the tenant, the canonical domains and what the browser says of storage access", async () => {
    const id = await putTenant(["WWW.Shop-A.com", "https://www.shop-a.com:443", "https://bücher.example"]);
    const plain = await ask(`/t/${id}/iframe.html`);
    expect(config(await plain.text())).toEqual({
      cardUrl: `/v/${VERSION}/card.mjs`,
      tenant: id,
      trustedDomains: ["https://www.shop-a.com", "https://xn--bcher-kva.example"],
      storageAccess: null,
      handoff: true,
      sampleRate: 0,
    });
    const none = await ask(`/t/${id}/iframe.html`, { headers: { "Sec-Fetch-Storage-Access": "none" } });
    expect(config(await none.text())).toMatchObject({ storageAccess: "none" });
    const nonsense = await ask(`/t/${id}/iframe.html`, { headers: { "Sec-Fetch-Storage-Access": "</script><b>" } });
    expect(config(await nonsense.text())).toMatchObject({ storageAccess: null });
  });

  test.each([
    ["inactive", "load"],
    ["active", "load"],
    ["none", null],
    [undefined, null],
  ])(
    "with Sec-Fetch-Storage-Access: %s answers Activate-Storage-Access: %s, and varies on it",
    async (header, activated) => {
      const id = await putTenant(["https://www.shop-a.com"]);
      const response = await ask(
        `/t/${id}/iframe.html`,
        header ? { headers: { "Sec-Fetch-Storage-Access": header } } : {},
      );
      expect(response.headers.get("Activate-Storage-Access")).toBe(activated);
      expect(response.headers.get("Vary")).toContain("Sec-Fetch-Storage-Access");
    },
  );

  test("is the browser's for 30 s, then revalidated by ETag", async () => {
    const id = await putTenant(["https://www.shop-a.com"]);
    const first = await ask(`/t/${id}/iframe.html`);
    expect(first.headers.get("Cache-Control")).toBe("private, max-age=30, must-revalidate");
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[\da-f]{32}"$/);

    // Cloudflare's edge weakens the tag when it compresses.
    const again = await ask(`/t/${id}/iframe.html`, { headers: { "If-None-Match": `W/${etag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    expectStrictHeaders(again);
    expect(ancestors(again)).toBe("https://www.shop-a.com");

    const other = await ask(`/t/${id}/iframe.html`, {
      headers: { "If-None-Match": etag, "Sec-Fetch-Storage-Access": "active" },
    });
    expect(other.status).toBe(200);
  });

  test("can be embedded by cross-origin isolated pages, and asked by the provider why it stays silent", async () => {
    const response = await ask(`/t/${await putTenant(["https://www.shop-a.com"])}/iframe.html`);
    expect(response.headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
    expect(response.headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  });

  test("of a tenant that trusts nobody can be embedded by nobody", async () => {
    expect(ancestors(await ask(`/t/${await putTenant([])}/iframe.html`))).toBe("'none'");
  });

  test("leaves IPv6 addresses out of frame-ancestors, where no browser understands them", async () => {
    const id = await putTenant(["http://[::1]:3000", "https://www.shop-a.com"]);
    expect(ancestors(await ask(`/t/${id}/iframe.html`))).toBe("https://www.shop-a.com");
  });

  test("answers HEAD, and 405 to other methods", async () => {
    const id = await putTenant(["https://www.shop-a.com"]);
    expect((await ask(`/t/${id}/iframe.html`, { method: "HEAD" })).status).toBe(200);
    const post = await ask(`/t/${id}/iframe.html`, { method: "POST", body: "x" });
    expect(post.status).toBe(405);
    expect(post.headers.get("Allow")).toBe("GET, HEAD");
    expectStrictHeaders(post);
  });
});

describe("a rendered page", () => {
  function askUnder(host: string, id: string): Promise<Response> {
    return exports.default.fetch(`https://${host}/t/${id}/iframe.html`, { method: "HEAD" });
  }

  test("is kept while another tenant is asked for under ever new host names", async () => {
    const [quiet, flooded] = [await putTenant(["https://www.shop-a.com"]), await putTenant(["https://www.shop-b.com"])];
    await askUnder("hub.test", quiet);
    for (let n = 0; n < 50; n++) await askUnder(`host-${n}.hub.test`, flooded);

    // Each rendering hashes the page once, for its ETag.
    const digest = vi.spyOn(crypto.subtle, "digest");
    await askUnder("hub.test", quiet);
    expect(digest).toHaveBeenCalledTimes(0);
    await askUnder("host-49.hub.test", flooded);
    expect(digest).toHaveBeenCalledTimes(0);
    await askUnder("host-0.hub.test", flooded);
    expect(digest).toHaveBeenCalledTimes(1);
  });

  test("is never served for another host name", async () => {
    const id = await putTenant(["https://www.shop-a.com"]);
    for (const host of ["hub.test", "other-hub.test", "hub.test"])
      expect((await askUnder(host, id)).headers.get("Content-Security-Policy")).toContain(` https://${host}/v/`);
  });
});

describe("a tenant that cannot be served", () => {
  test.each([
    "/t/nobody/iframe.html",
    "/t/__proto__/iframe.html",
    "/t/constructor/iframe.html",
    "/t/Acme/iframe.html",
    "/t/acme_1/iframe.html",
    "/t/1acme/iframe.html",
    `/t/a${"b".repeat(63)}/iframe.html`,
    "/t/acme%2f..%2fother/iframe.html",
    "/t/acme%00/iframe.html",
    "/t/%2e%2e/iframe.html",
    "/t//iframe.html",
    "/t/acme/iframe.html/",
    "/t/acme/other.html",
    "/",
  ])("%s is 404, in words, and can be embedded nowhere", async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Type")).toContain("text/plain");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expectStrictHeaders(response);
    expect(ancestors(response)).toBe("'none'");
  });

  test.each([
    ["that is no JSON", "{", "is not JSON"],
    ["that is no document", "7", "must be an object, or an array of domains"],
    ["that trusts everybody", ["*"], 'TRUSTED_DOMAINS[0] "*" trusts every site'],
    [
      "with an http:// origin",
      ["https://a.example", "http://b.example"],
      'TRUSTED_DOMAINS[1] "http://b.example" must be https://',
    ],
    [
      "with 501 domains",
      Array.from({ length: 501 }, (_, n) => `https://shop-${n}.example`),
      "names 501 domains; at most 500",
    ],
    ["with null", { TRUSTED_DOMAINS: [null] }, "is not a string"],
    ["without TRUSTED_DOMAINS", { trustedDomains: ["https://a.example"] }, "TRUSTED_DOMAINS"],
    ["with a wrong age", { TRUSTED_DOMAINS: [], sessionMaxAgeSeconds: "1 week" }, "must be a number of seconds"],
  ])("a document %s is 500 with the reason in the log alone, and trusts nobody", async (_, document, reason) => {
    const log = captureLog();
    const id = await putTenant(document);
    const response = await ask(`/t/${id}/iframe.html`);
    expect(response.status).toBe(500);
    expect(ancestors(response)).toBe("'none'");
    expect(await response.text()).toBe(
      "This tenant's settings cannot be read: the hub's operator finds the reason in the log.",
    );
    expect(log.entries).toEqual([
      {
        event: "failed",
        tenant: id,
        status: 500,
        reason: expect.stringContaining(reason),
        request: expect.any(String),
      },
    ]);
  });

  test("a document of 500 domains is served", async () => {
    const id = await putTenant(Array.from({ length: 500 }, (_, n) => `https://shop-${n}.example`));
    expect((await ask(`/t/${id}/iframe.html`)).status).toBe(200);
  });
});

describe("a change in KV", () => {
  test("is served once the isolate's memory is 30 s old", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const id = await putTenant(["https://www.shop-a.com", "https://www.shop-b.com"]);
    await ask(`/t/${id}/iframe.html`);
    await env.TENANTS.put(id, '["https://www.shop-a.com"]');

    vi.advanceTimersByTime(29_000);
    expect(ancestors(await ask(`/t/${id}/iframe.html`))).toBe("https://www.shop-a.com https://www.shop-b.com");
    vi.advanceTimersByTime(1_000);
    expect(ancestors(await ask(`/t/${id}/iframe.html`))).toBe("https://www.shop-a.com");

    await env.TENANTS.delete(id);
    vi.advanceTimersByTime(30_000);
    expect((await ask(`/t/${id}/iframe.html`)).status).toBe(404);
  });
});

describe("when KV fails", () => {
  test("a copy of at most one hour is served, and logged", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const id = await putTenant(["https://www.shop-a.com"]);
    await ask(`/t/${id}/iframe.html`);

    vi.advanceTimersByTime(3_599_000);
    const log = captureLog();
    const stale = await askWithoutKv(`/t/${id}/iframe.html`);
    expect(stale.status).toBe(200);
    expect(ancestors(stale)).toBe("https://www.shop-a.com");
    expect(log.entries).toEqual([
      {
        event: "stale",
        tenant: id,
        status: 200,
        reason: "KV failed: KV GET failed: 500; serving a copy 3599 s old",
        request: expect.any(String),
      },
    ]);

    vi.advanceTimersByTime(1_000);
    const tooOld = await askWithoutKv(`/t/${id}/iframe.html`);
    expect(tooOld.status).toBe(503);
  });

  test("and there is no copy, the answer is 503 and says when to come back", async () => {
    const log = captureLog();
    const response = await askWithoutKv("/t/never-seen/iframe.html");
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("30");
    expect(await response.text()).not.toContain("KV GET");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expectStrictHeaders(response);
    expect(log.entries).toMatchObject([{ event: "failed", tenant: "never-seen", status: 503 }]);
  });
});

test("a KV document from an attacker's pen cannot leave its data block", async () => {
  const log = captureLog();
  const id = await putTenant(['https://a.example"></script><script>alert(1)//']);
  const response = await ask(`/t/${id}/iframe.html`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("alert");
  expect(log.entries).toHaveLength(1);
});
