import { env } from "cloudflare:workers";
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker from "../../worker/index.ts";
import { toHex } from "../../worker/bytes.ts";
import { HUB, OWN_PAGE, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const SHOP_A = "https://www.shop-a.com";
const SHOP_B = "https://www.shop-b.com";
const NAME = "chat-session";
const CLAIM = "0f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";
const OTHER_CLAIM = "1f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";

let id: string;
let log: ReturnType<typeof captureLog>;
let lastAddress = 0;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP_A, SHOP_B, "https://*.shop-c.com"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Asked = { readonly headers?: Record<string, string>; readonly tenant?: string; readonly asn?: number };

/** Each from an address of its own, unless a test says otherwise. */
function post(path: string, body: unknown, { headers = {}, tenant = id, asn = 64496 }: Asked = {}): Promise<Response> {
  return ask(`/t/${tenant}/${path}`, {
    method: "POST",
    headers: {
      ...OWN_PAGE,
      "User-Agent": "Browser/1",
      "CF-Connecting-IP": `198.51.100.${++lastAddress % 250}`,
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
    cf: { asn },
  });
}

function mint(change: object = {}, asked?: Asked): Promise<Response> {
  return post("handoff", { name: NAME, session: "secret-session", from: SHOP_A, to: SHOP_B, ...change }, asked);
}

function redeem(code: string, change: object = {}, asked?: Asked): Promise<Response> {
  return post("handoff/redeem", { code, name: NAME, to: SHOP_B, referrer: SHOP_A, ...change }, asked);
}

async function newCode(change: object = {}): Promise<string> {
  const response = await mint(change);
  expect(response.status).toBe(201);
  return response.json();
}

/** The Durable Object of a code, found as the outside would have to: by the hash of the code. */
async function objectOf(code: string) {
  return env.HANDOFFS.getByName(toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code))));
}

async function expectEmpty(code: string): Promise<void> {
  await runInDurableObject(await objectOf(code), async (_, { storage }) => {
    expect([...storage.kv.list()]).toEqual([]);
    expect(await storage.getAlarm()).toBeNull();
  });
}

/** One answer for every refusal, and a reason of its own in the log. */
async function expectRefusal(response: Response, reason: string): Promise<void> {
  expect(response.status).toBe(403);
  expect(await response.text()).toBe("This session is not handed over.");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expectStrictHeaders(response);
  expect(log.entries).toEqual([
    expect.objectContaining({ event: "refused", status: 403, reason: `handoff: ${reason}` }),
  ]);
  expect(log.text()).not.toMatch(/secret|chat-session|shop-|[\w-]{22}/);
}

describe("a session", () => {
  test.each(["abc-123", '{"id":"a,b"}', "100%25 %zz", "naïve 日本 🎉", "\uFEFFbom", "a\tb", `"'\\`, "v".repeat(4000)])(
    "comes out as it went in: %j",
    async (session) => {
      const code = await newCode({ session });
      expect(code).toMatch(/^[\w-]{22}$/);
      const response = await redeem(code);
      expect(response.status).toBe(200);
      expect(await response.json()).toBe(session);
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      expectStrictHeaders(response);
      expect(log.entries).toEqual([]);
    },
  );

  test("comes out once", async () => {
    const code = await newCode();
    expect((await redeem(code)).status).toBe(200);
    await expectRefusal(await redeem(code), "code unknown, used or expired");
  });

  test("comes out for one of fifty who bring its code at once", async () => {
    const code = await newCode();
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await redeem(code)).status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(49).fill(403)]);
  });

  test("comes out after the continue page's redirect: from the hub, by the hub's referrer", async () => {
    const code = await newCode({ from: HUB });
    expect((await redeem(code, { referrer: HUB })).status).toBe(200);
  });

  test("waits for the slow page that it goes to", async () => {
    const code = await newCode();
    vi.setSystemTime(Date.now() + 59_000);
    expect((await redeem(code)).status).toBe(200);
  });

  test("goes to any subdomain of a wildcard", async () => {
    const code = await newCode({ to: "https://x.shop-c.com" });
    expect((await redeem(code, { to: "https://x.shop-c.com" })).status).toBe(200);
  });

  test("goes to any other trusted origin, as redirects may lead there", async () => {
    const to = "https://x.shop-c.com";
    expect((await redeem(await newCode(), { to })).status).toBe(200);
    expect((await redeem(await newCode({ to }))).status).toBe(200);
  });

  test("goes by any trusted page that sends the visitor on by script", async () => {
    expect((await redeem(await newCode(), { referrer: "https://x.shop-c.com" })).status).toBe(200);
    expect((await redeem(await newCode({ from: HUB }), { referrer: SHOP_A })).status).toBe(200);
  });

  test("comes out again for the same claim, by its cookie's name, until its time is up", async () => {
    const code = await newCode();
    expect((await redeem(code, { claim: CLAIM, name: "other" })).status).toBe(403);
    expect((await redeem(code, { claim: CLAIM })).status).toBe(200);
    expect((await redeem(code, { claim: OTHER_CLAIM })).status).toBe(403);
    expect(await (await redeem(code, { claim: CLAIM })).json()).toBe("secret-session");
    expect(await runDurableObjectAlarm(await objectOf(code))).toBe(true);
    await expectEmpty(code);
    expect((await redeem(code, { claim: CLAIM })).status).toBe(403);
  });
});

describe("minting is refused", () => {
  test.each([
    ["to another site", {}, { headers: { Origin: SHOP_A, "Sec-Fetch-Site": "cross-site" } }, "not same-origin"],
    ["without an origin", {}, { headers: { Origin: "" } }, "not same-origin"],
    ["for a site that is not trusted", { to: "https://evil.example" }, {}, "destination not trusted"],
    ["for the apex of a wildcard", { to: "https://shop-c.com" }, {}, "destination not trusted"],
    ["for the hub", { to: HUB }, {}, "destination not trusted"],
    ["from a site that is not trusted", { from: "https://evil.example" }, {}, "source not trusted"],
    ["from null", { from: "null" }, {}, "source not trusted"],
    ["for where it comes from", { to: SHOP_A }, {}, "source is destination"],
    ["of what no cookie holds", { session: "a;b" }, {}, "malformed request"],
    ["of nothing", { session: "" }, {}, "malformed request"],
    ["of a bad cookie name", { name: "a b" }, {}, "malformed request"],
    ["of what is too large for a cookie", { session: '"'.repeat(2000) }, {}, "session too large"],
    ["of what is too large for anything", { session: "v".repeat(40_000) }, {}, "body too large"],
  ] as const)("%s", async (_, change, asked, reason) => {
    await expectRefusal(await mint(change, asked), reason);
  });

  test.each(["", "not JSON", "null", "[]", '"text"'])("of the body %j", async (body) => {
    await expectRefusal(await post("handoff", body), "malformed request");
  });

  test("where the tenant has switched handoff off, and redeeming too", async () => {
    const tenant = await putTenant({ TRUSTED_DOMAINS: [SHOP_A, SHOP_B], handoff: false });
    await expectRefusal(await mint({}, { tenant }), "switched off");
    log.entries.length = 0;
    await expectRefusal(await redeem(await newCode(), {}, { tenant }), "switched off");
  });
});

describe("redeeming is refused, and the code is used up,", () => {
  test.each([
    ["without a referrer", { referrer: "" }, {}, "referrer is not where the code comes from"],
    ["from another site", { referrer: "https://evil.example" }, {}, "referrer is not where the code comes from"],
    ["by a link within a site", { referrer: SHOP_B }, {}, "referrer is not where the code comes from"],
    ["from the hub, where a shop had minted it", { referrer: HUB }, {}, "referrer is not where the code comes from"],
    ["on another site", { to: "https://evil.example" }, {}, "destination not trusted"],
    ["on the apex of a wildcard", { to: "https://shop-c.com" }, {}, "destination not trusted"],
    ["on the site that it comes from", { to: SHOP_A }, {}, "source is destination"],
    ["there, by a link of another", { to: SHOP_A, referrer: SHOP_B }, {}, "source is destination"],
    ["in another browser", {}, { headers: { "User-Agent": "Browser/2" } }, "another browser's code"],
    ["from another network, by somebody who forges all the rest", {}, { asn: 64497 }, "another network's code"],
  ] as const)("%s", async (_, change, asked, reason) => {
    const code = await newCode();
    await expectRefusal(await redeem(code, change, asked), reason);
    log.entries.length = 0;
    await expectRefusal(await redeem(code), "code unknown, used or expired");
  });

  test("with another tenant", async () => {
    const code = await newCode();
    await expectRefusal(await redeem(code, {}, { tenant: await putTenant([SHOP_A, SHOP_B]) }), "another tenant's code");
    log.entries.length = 0;
    await expectRefusal(await redeem(code), "code unknown, used or expired");
  });

  test.each([
    ["to", SHOP_A, "destination not trusted"],
    ["from", SHOP_B, "source no longer trusted"],
  ])("once the domain that it goes %s has been removed", async (_, left, reason) => {
    const code = await newCode();
    // Another id in the sealed handoff would not open: the same tenant, read again.
    vi.setSystemTime(Date.now() + 31_000);
    await env.TENANTS.put(id, JSON.stringify([left]));
    await expectRefusal(await redeem(code), reason);
  });

  test("when what is stored was tampered with", async () => {
    const code = await newCode();
    await runInDurableObject(await objectOf(code), (_, { storage }) => {
      const [[key, stored] = ["", undefined]] = storage.kv.list<{ sealed: Uint8Array; nameTag: string }>();
      const sealed = new Uint8Array(stored?.sealed ?? []);
      sealed.set([(sealed.at(-1) ?? 0) ^ 1], sealed.length - 1);
      storage.kv.put(key, { ...stored, sealed });
    });
    await expectRefusal(await redeem(code), "undecipherable");
  });

  test("once its time is up, though the alarm is late", async () => {
    const code = await newCode();
    vi.setSystemTime(Date.now() + 60_000);
    await expectRefusal(await redeem(code), "expired");
  });
});

describe("redeeming is refused", () => {
  test("for a code that nobody minted", async () => {
    await expectRefusal(await redeem("AAAAAAAAAAAAAAAAAAAAAA"), "code unknown, used or expired");
  });

  test("for another cookie, which does not use the code up: a page may have several", async () => {
    const code = await newCode();
    await expectRefusal(await redeem(code, { name: "other" }), "another cookie's code");
    expect((await redeem(code)).status).toBe(200);
  });

  test.each(["short", "../../../../../../../..", "AAAAAAAAAAAAAAAAAAAAA=", 7, null])(
    "for the code %j",
    async (code) => {
      await expectRefusal(await redeem(code as string), "malformed request");
    },
  );

  test("to another site", async () => {
    const code = await newCode();
    await expectRefusal(await redeem(code, {}, { headers: { Origin: SHOP_B } }), "not same-origin");
    expect((await redeem(code)).status).toBe(200);
  });
});

describe("what is stored", () => {
  test("tells nothing of the session, the code, the cookie, the sites or the tenant", async () => {
    const code = await newCode();
    await runInDurableObject(await objectOf(code), async (_, { storage }) => {
      const stored = [...storage.kv.list()];
      expect(stored).toHaveLength(1);
      const bytes = JSON.stringify(stored, (_, value: unknown) =>
        value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value,
      );
      for (const secret of ["secret-session", code, NAME, "shop-", id, "Browser/1"])
        expect(bytes).not.toContain(secret);
      expect(await storage.getAlarm()).toBeGreaterThan(Date.now() + 50_000);
      expect(await storage.getAlarm()).toBeLessThanOrEqual(Date.now() + 60_000);
    });
  });

  test("is gone after the alarm", async () => {
    const code = await newCode();
    expect(await runDurableObjectAlarm(await objectOf(code))).toBe(true);
    await expectEmpty(code);
    await expectRefusal(await redeem(code), "code unknown, used or expired");
  });

  test("is gone, alarm and all, once it is redeemed", async () => {
    const code = await newCode();
    expect((await redeem(code)).status).toBe(200);
    await expectEmpty(code);
  });

  test("is not replaced by another session under the same code", async () => {
    const code = await newCode();
    await runInDurableObject(await objectOf(code), async (object) => {
      await expect(object.put(new Uint8Array(1), "")).rejects.toThrow("The code is taken.");
    });
    expect(await (await redeem(code)).json()).toBe("secret-session");
  });
});

test("whatever is wrong, the answers are the same to the header", async () => {
  const used = await newCode();
  await redeem(used);
  const off = await putTenant({ TRUSTED_DOMAINS: [SHOP_A, SHOP_B], handoff: false });
  const refusals = [
    await mint({ to: "https://evil.example" }),
    await mint({ session: "" }),
    await mint({ session: "v".repeat(40_000) }),
    await mint({}, { tenant: off }),
    await mint({}, { headers: { Origin: SHOP_A } }),
    await redeem(used),
    await redeem("short"),
    await redeem("A".repeat(22)),
    await redeem(await newCode(), { name: "other" }),
    await redeem(await newCode(), { referrer: "" }),
    await redeem(await newCode(), { to: SHOP_A }),
    await redeem(await newCode(), {}, { headers: { "User-Agent": "Browser/2" } }),
  ];
  const answers = refusals.map(async (one) => JSON.stringify([one.status, [...one.headers], await one.text()]));
  expect(new Set(await Promise.all(answers)).size).toBe(1);
});

describe("the rate limit", () => {
  test("lets 600 through, counts each address by itself, and a household's IPv6 addresses as one", async () => {
    // The simulated limit counts by whole minutes of the clock: none may end between the first request and the last.
    const leftMs = 60_000 - (Date.now() % 60_000);
    if (leftMs < 20_000) await new Promise((resolve) => setTimeout(resolve, leftMs));

    const bad = (ip: string) => redeem("AAAAAAAAAAAAAAAAAAAAAA", {}, { headers: { "CF-Connecting-IP": ip } });
    for (let n = 0; n < 600; n++) await bad(`2001:db8:0:7::${n.toString(16)}`);
    expect(new Set(log.entries.map(({ reason }) => reason))).toEqual(
      new Set(["handoff: code unknown, used or expired"]),
    );
    log.entries.length = 0;
    await expectRefusal(await bad("2001:db8:0:7:ffff::1"), "too many requests");
    log.entries.length = 0;
    await expectRefusal(await bad("2001:db8:0:8::1"), "code unknown, used or expired");
  }, 60_000);

  test("that fails lets requests through, and says so in the log", async () => {
    const limit = () => Promise.reject(new Error("limiter down"));
    const request = new Request(`${HUB}/t/${id}/handoff`, {
      method: "POST",
      headers: OWN_PAGE,
      body: JSON.stringify({ name: NAME, session: "v", from: SHOP_A, to: SHOP_B }),
    });
    const response = await worker.fetch(request, { ...env, HANDOFF_LIMIT: { limit } });
    expect(response.status).toBe(201);
    expect(log.entries).toEqual([
      expect.objectContaining({ event: "failed", reason: "handoff: rate limit: limiter down" }),
    ]);
  });
});

test.each(["handoff", "handoff/redeem"])(
  "Durable Objects that fail at %s are told of in the log, and block nobody",
  async (path) => {
    const HANDOFFS = {
      getByName() {
        throw new Error("overloaded");
      },
    } as unknown as typeof env.HANDOFFS;
    const request = new Request(`${HUB}/t/${id}/${path}`, {
      method: "POST",
      headers: OWN_PAGE,
      body: JSON.stringify({
        code: "A".repeat(22),
        referrer: SHOP_A,
        name: NAME,
        session: "v",
        from: SHOP_A,
        to: SHOP_B,
      }),
    });
    const response = await worker.fetch(request, { ...env, HANDOFFS });
    expect(response.status).toBe(503);
    expectStrictHeaders(response);
    expect(log.entries).toEqual([
      expect.objectContaining({ event: "failed", status: 503, reason: "handoff: overloaded" }),
    ]);
  },
);

test.each(["handoff", "handoff/redeem"])("%s speaks POST only", async (path) => {
  const response = await ask(`/t/${id}/${path}`);
  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("POST");
});
