import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HUB, OWN_PAGE, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant(["https://www.shop-a.com"]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function put(
  body: BodyInit,
  { name = "session", headers = OWN_PAGE }: { name?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return ask(`/t/${id}/session/${name}`, { method: "PUT", headers, body });
}

async function expectRefusal(response: Response, status: number): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.has("Set-Cookie")).toBe(false);
  expectStrictHeaders(response);
  expect(log.entries).toHaveLength(1);
  expect(log.entries[0]).toMatchObject({ event: "refused", tenant: id, status });
}

describe("PUT", () => {
  test("sets the hub cookie for the tenant's time, readable in iframes on other sites", async () => {
    const response = await put("abc-123");
    expect(response.status).toBe(204);
    expect(response.headers.get("Set-Cookie")).toBe(
      `__Host-${id}.session=abc-123; Secure; Path=/; SameSite=None; Max-Age=604800`,
    );
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expectStrictHeaders(response);
  });

  test("keeps the session as long as the tenant says", async () => {
    id = await putTenant({ TRUSTED_DOMAINS: ["https://www.shop-a.com"], sessionMaxAgeSeconds: 3600 });
    expect((await put("x")).headers.get("Set-Cookie")).toMatch(/; Max-Age=3600$/);
  });

  test.each(['{"id":"a,b"}', '"quoted"', "100%25 %zz", "naïve 日本 🎉", "\uFEFFbom", "a\tb", "a=b==", ":123"])(
    "percent-encodes %j so that every character survives",
    async (value) => {
      const cookie = (await put(value)).headers.get("Set-Cookie") ?? "";
      const stored = /^[^=]*=([^;]*);/.exec(cookie)?.[1] ?? "";
      expect(stored).toMatch(/^[\w!'()*~.%-]+$/);
      expect(decodeURIComponent(stored)).toBe(value);
    },
  );

  test("drops the __Host- prefix on plain http, where browsers refuse it", async () => {
    const { exports } = await import("cloudflare:workers");
    const response = await exports.default.fetch(`http://hub.localhost:8787/t/${id}/session/s`, {
      method: "PUT",
      headers: { Origin: "http://hub.localhost:8787", "Sec-Fetch-Site": "same-origin" },
      body: "v",
    });
    expect(response.headers.get("Set-Cookie")).toMatch(new RegExp(`^${id}\\.s=v; Secure;`));
    expect(response.headers.has("Strict-Transport-Security")).toBe(false);
  });

  test.each([
    ["another site", { Origin: "https://www.shop-a.com", "Sec-Fetch-Site": "cross-site" }],
    ["a sibling of the hub", { Origin: "https://evil.hub.test", "Sec-Fetch-Site": "same-site" }],
    ["a look-alike", { Origin: "https://hub.test.evil.example" }],
    ["another port", { Origin: "https://hub.test:8443" }],
    ["another scheme", { Origin: "http://hub.test" }],
    ["a sandboxed frame", { Origin: "null", "Sec-Fetch-Site": "same-origin" }],
    ["a forger of Origin", { Origin: HUB, "Sec-Fetch-Site": "cross-site" }],
    ["an address bar", { Origin: HUB, "Sec-Fetch-Site": "none" }],
    ["nobody", {}],
  ])("from %s is refused", async (_, headers) => {
    await expectRefusal(await put("v", { headers }), 403);
  });

  test("works for browsers without Sec-Fetch-Site", async () => {
    expect((await put("v", { headers: { Origin: HUB } })).status).toBe(204);
  });

  test.each([
    "a b",
    "a;b",
    "a,b",
    "a=b",
    "a/b",
    "a\\b",
    '"a"',
    "(a)",
    "<a>",
    "a@b",
    "a:b",
    "[a]",
    "{a}",
    "a\tb",
    "a\0",
    "\x7f",
    "ä",
  ])("under the cookie name %j is refused", async (name) => {
    await expectRefusal(await put("v", { name: encodeURIComponent(name) }), 400);
  });

  test("under a cookie name of more than 256 characters is refused", async () => {
    await expectRefusal(await put("v", { name: "n".repeat(257) }), 400);
  });

  test.each(["__proto__", "constructor", "_genesys.widgets.webchat.state.session", "!#$&'*+-.^_`|~"])(
    "under the odd but right cookie name %j is stored",
    async (name) => {
      const response = await put("v", { name: encodeURIComponent(name) });
      expect(response.headers.get("Set-Cookie")?.startsWith(`__Host-${id}.${name}=v;`)).toBe(true);
    },
  );

  test.each([
    ["nothing", ""],
    ["a semicolon", "a;b"],
    ["a control character", "a\u0001"],
    ["a line break", "a\nSet-Cookie: b"],
    ["outer white space", " a"],
    ["broken UTF-8", new Uint8Array([0x61, 0xff])],
  ])("of %s is refused", async (_, value) => {
    await expectRefusal(await put(value), 400);
  });

  test("counts bytes after encoding, name included: 4096 fit, one more does not", async () => {
    const room = 4096 - `__Host-${id}.session`.length;
    expect((await put("v".repeat(room))).status).toBe(204);
    await expectRefusal(await put("v".repeat(room + 1)), 413);
  });

  test("refuses what is too large only once encoded", async () => {
    await expectRefusal(await put('"'.repeat(1400)), 413);
  });

  test("does not read a body larger than a cookie", async () => {
    await expectRefusal(await put("v".repeat(4097)), 413);
    log.entries.length = 0;
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) });
    await expectRefusal(await put(endless), 413);
  });

  test("to an unknown tenant is 404", async () => {
    const response = await ask("/t/nobody/session/s", { method: "PUT", headers: OWN_PAGE, body: "v" });
    expect(response.status).toBe(404);
    expect(response.headers.has("Set-Cookie")).toBe(false);
  });

  test("never logs the session or the cookie's name", async () => {
    await put("secret\u0001value", { name: "my-name" });
    await put("secret-value", { name: "my-name%20" });
    await put("secret-value", { name: "my-name", headers: {} });
    expect(log.entries).toHaveLength(3);
    expect(log.text()).not.toMatch(/secret|my-name/);
  });
});

describe("DELETE", () => {
  test("leaves a dated tombstone", async () => {
    const response = await ask(`/t/${id}/session/session`, { method: "DELETE", headers: OWN_PAGE });
    expect(response.status).toBe(204);
    const [, seconds] =
      /^__Host-[^=]*\.session=:(\d+); Secure; Path=\/; SameSite=None; Max-Age=604800$/.exec(
        response.headers.get("Set-Cookie") ?? "",
      ) ?? [];
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
  });

  test("from another site is refused", async () => {
    await expectRefusal(
      await ask(`/t/${id}/session/session`, { method: "DELETE", headers: { Origin: "https://evil.example" } }),
      403,
    );
  });
});

test.each(["PATCH", "OPTIONS"])("%s is 405, and opens nothing to other origins", async (method) => {
  const response = await ask(`/t/${id}/session/session`, { method, headers: { Origin: "https://www.shop-a.com" } });
  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("GET, POST, PUT, DELETE");
  expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
  expectStrictHeaders(response);
});

test("a name with an encoded slash is one name, and refused", async () => {
  await expectRefusal(await put("v", { name: "..%2F..%2Fother" }), 400);
});
