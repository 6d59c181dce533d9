/** `POST /redeem`: the page that a link has led to redeems its codes itself, by CORS. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker from "../../worker/index.ts";
import { HUB, OWN_PAGE, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const SHOP_A = "https://www.shop-a.com";
const SHOP_B = "https://www.shop-b.com";
/** Trusted, too, as the apex of a www. */
const SHOP_C = "https://shop-c.com";
const CLAIM = "0f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";
const OTHER_CLAIM = "1f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";
const BROWSER = { "User-Agent": "Browser/1", "CF-Connecting-IP": "198.51.100.7" };

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP_A, SHOP_B, SHOP_C]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function mint(change: object = {}, tenant = id): Promise<string> {
  const request = { name: "chat", session: "secret-session", from: SHOP_A, to: SHOP_B, ...change };
  const response = await ask(`/t/${tenant}/handoff`, {
    method: "POST",
    headers: { ...OWN_PAGE, ...BROWSER },
    body: JSON.stringify(request),
    cf: { asn: 64496 },
  });
  expect(response.status).toBe(201);
  return response.json();
}

type Arrival = {
  readonly headers?: Record<string, string>;
  readonly asn?: number;
  /** Text is sent as it stands. */
  readonly body?: string | object;
};

/** What a browser sends for a page of shop B that shop A has led to. */
function arrive(
  codes: string,
  { headers = {}, asn = 64496, body = { codes, referrer: SHOP_A } }: Arrival = {},
): Promise<Response> {
  return ask("/redeem", {
    method: "POST",
    headers: { Origin: SHOP_B, "Sec-Fetch-Site": "cross-site", ...BROWSER, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    cf: { asn },
  });
}

async function expectRefusal(response: Response): Promise<void> {
  expect(response.status).toBe(403);
  expect(await response.json()).toEqual([]);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expectStrictHeaders(response);
}

test("gives the session to the page that it was meant for, readable by that page only, and stores nothing", async () => {
  const response = await arrive(await mint());
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual([{ tenant: id, name: "chat", session: "secret-session" }]);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP_B);
  expect(response.headers.get("Access-Control-Allow-Credentials")).toBeNull();
  expect(response.headers.get("Vary")).toContain("Origin");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect(response.headers.get("Set-Cookie")).toBeNull();
  expectStrictHeaders(response);
});

test("gives it to any trusted page that redirects have led to", async () => {
  expect((await arrive(await mint(), { headers: { Origin: SHOP_C } })).status).toBe(200);
});

test("gives it to a page that another trusted one has led to by script", async () => {
  const code = await mint();
  expect((await arrive(code, { body: { codes: code, referrer: SHOP_C } })).status).toBe(200);
});

test("gives it away once, of however many that ask at the same time", async () => {
  const code = await mint();
  const answers = await Promise.all(Array.from({ length: 20 }, () => arrive(code)));
  expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
});

test("gives the sessions of several cookies, and of several tenants, each by its own name", async () => {
  const other = await putTenant([SHOP_A, SHOP_B]);
  const codes = [await mint(), await mint({ name: "second" }), await mint({}, other), "AAAAAAAAAAAAAAAAAAAAAA"];
  expect(await (await arrive(codes.join("."))).json()).toEqual([
    { tenant: id, name: "chat", session: "secret-session" },
    { tenant: id, name: "second", session: "secret-session" },
    { tenant: other, name: "chat", session: "secret-session" },
  ]);
});

describe("with a claim", () => {
  const claimed = (codes: string, claim: unknown, referrer = SHOP_A) =>
    arrive("", { body: { codes, referrer, claim } });

  test("gives the session to who came first as often as they ask, and to nobody else", async () => {
    const code = await mint();
    const session = [{ tenant: id, name: "chat", session: "secret-session" }];
    expect(await (await claimed(code, CLAIM)).json()).toEqual(session);
    await expectRefusal(await claimed(code, OTHER_CLAIM));
    await expectRefusal(await arrive(code));
    expect(await (await claimed(code, CLAIM)).json()).toEqual(session);
  });

  test("gives it to one of twenty claims that come at once", async () => {
    const code = await mint();
    const claims = Array.from({ length: 20 }, () => crypto.randomUUID());
    const answers = await Promise.all(claims.map((claim) => claimed(code, claim)));
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });

  test("gives the sessions of several cookies again", async () => {
    const codes = [await mint(), await mint({ name: "second" })].join(".");
    expect(await (await claimed(codes, CLAIM)).json()).toHaveLength(2);
    expect(await (await claimed(codes, CLAIM)).json()).toHaveLength(2);
  });

  test("gives it to the hub's iframe for the page that has asked", async () => {
    const code = await mint();
    expect((await claimed(code, CLAIM)).status).toBe(200);
    const redeem = (claim: string) =>
      ask(`/t/${id}/handoff/redeem`, {
        method: "POST",
        headers: { ...OWN_PAGE, ...BROWSER },
        body: JSON.stringify({ code, name: "chat", to: SHOP_B, referrer: SHOP_A, claim }),
        cf: { asn: 64496 },
      });
    expect((await redeem(OTHER_CLAIM)).status).toBe(403);
    expect(await (await redeem(CLAIM)).json()).toBe("secret-session");
  });

  test("asks all that a code is bound to each time", async () => {
    const code = await mint();
    expect((await claimed(code, CLAIM)).status).toBe(200);
    const body = { codes: code, referrer: SHOP_A, claim: CLAIM };
    await expectRefusal(await arrive("", { body, asn: 64497 }));
    await expectRefusal(await arrive("", { body, headers: { "User-Agent": "Browser/2" } }));
    await expectRefusal(await arrive("", { body, headers: { Origin: "https://evil.example" } }));
    await expectRefusal(await claimed(code, CLAIM, "https://evil.example"));
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ["Date"] });
    await expectRefusal(await claimed(code, CLAIM));
  });

  test("refuses who comes by a stranger's page, and then uses the code up for any other", async () => {
    const code = await mint();
    await expectRefusal(await claimed(code, CLAIM, "https://evil.example"));
    await expectRefusal(await claimed(code, OTHER_CLAIM));
  });

  test.each(["", "short", 7, null, CLAIM.toUpperCase(), `${CLAIM}0`, "a".repeat(1000)])(
    "refuses the claim %j, and leaves the code",
    async (claim) => {
      const code = await mint();
      await expectRefusal(await claimed(code, claim));
      expect((await claimed(code, CLAIM)).status).toBe(200);
    },
  );
});

describe("refuses, and uses up, a code that is brought", () => {
  test.each<[string, Arrival]>([
    ["by a page that the tenant does not trust", { headers: { Origin: "https://evil.example" } }],
    ["by a look-alike", { headers: { Origin: `${SHOP_B}.evil.example` } }],
    ["by an opaque origin", { headers: { Origin: "null" } }],
    ["by a page of where it was minted", { headers: { Origin: SHOP_A } }],
    ["by a page of the hub", { headers: { Origin: HUB } }],
    ["by another browser", { headers: { "User-Agent": "Browser/2" } }],
    ["from another network", { asn: 64497 }],
  ])("%s", async (_, arrival) => {
    const code = await mint();
    await expectRefusal(await arrive(code, arrival));
    await expectRefusal(await arrive(code));
  });

  test.each(["", "https://evil.example", SHOP_B, `${SHOP_A}.evil.example`])(
    "with the referrer %j",
    async (referrer) => {
      const code = await mint();
      await expectRefusal(await arrive(code, { body: { codes: code, referrer } }));
      await expectRefusal(await arrive(code));
    },
  );

  test("after its time", async () => {
    const code = await mint();
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ["Date"] });
    await expectRefusal(await arrive(code));
  });
});

describe("refuses", () => {
  test.each<[string, Arrival]>([
    ["no JSON", { body: "no JSON" }],
    ["nothing", { body: "" }],
    ["no codes", { body: { referrer: SHOP_A } }],
    ["an empty list of codes", { body: { codes: "", referrer: SHOP_A } }],
    ["codes of another form", { body: { codes: "short", referrer: SHOP_A } }],
    ["no referrer", { body: { codes: "AAAAAAAAAAAAAAAAAAAAAA" } }],
    ["a code that nobody has minted", { body: { codes: "AAAAAAAAAAAAAAAAAAAAAA", referrer: SHOP_A } }],
  ])("%s", async (_, arrival) => {
    await expectRefusal(await arrive("", arrival));
  });

  test("more codes than a link carries: those are left", async () => {
    const codes = await Promise.all(Array.from({ length: 9 }, (_, n) => mint({ name: `chat-${n}` })));
    expect(await (await arrive(codes.join("."))).json()).toHaveLength(8);
    expect(await (await arrive(codes[8] ?? "")).json()).toHaveLength(1);
  });

  test("a request without Origin, which no page sends", async () => {
    const code = await mint();
    const response = await ask("/redeem", {
      method: "POST",
      headers: BROWSER,
      body: JSON.stringify({ codes: code, referrer: SHOP_A }),
      cf: { asn: 64496 },
    });
    await expectRefusal(response);
  });

  test("too many requests, in words, so that the page falls back on the hub's iframe and its tenant's limit", async () => {
    const code = await mint();
    const request = new Request(`${HUB}/redeem`, {
      method: "POST",
      headers: { Origin: SHOP_B, ...BROWSER },
      body: JSON.stringify({ codes: code, referrer: SHOP_A }),
    });
    const limit = () => Promise.resolve({ success: false });
    const response = await worker.fetch(request, { ...env, HANDOFF_LIMIT: { limit } });
    expect(response.status).toBe(429);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(await (await arrive(code)).json()).toHaveLength(1);
  });

  test("other methods", async () => {
    const response = await ask("/redeem");
    expect(response.status).toBe(405);
    expect(response.headers.get("Allow")).toBe("POST");
  });
});

test("refuses the code of a tenant that has switched handoff off meanwhile", async () => {
  const code = await mint();
  await env.TENANTS.put(id, JSON.stringify({ TRUSTED_DOMAINS: [SHOP_A, SHOP_B], handoff: false }));
  vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ["Date"] });
  await expectRefusal(await arrive(code));
});

test("logs why, and neither code, session, name nor address", async () => {
  const code = await mint();
  const body = { codes: code, referrer: SHOP_A, claim: CLAIM };
  await arrive(code, { headers: { Origin: "https://evil.example" }, body });
  expect(log.text()).toContain("handoff: destination not trusted");
  for (const secret of [code, CLAIM, "secret-session", "chat", "evil.example"])
    expect(log.text()).not.toContain(secret);
});
