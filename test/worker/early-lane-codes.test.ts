/** The early lane, asked by a page that a link has led to: the codes of the link are redeemed along with the merge. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "../../protocol/digest.ts";
import { isFrameMessage } from "../../protocol/messages.ts";
import worker from "../../worker/index.ts";
import { HUB, OWN_PAGE, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const SHOP_A = "https://www.shop-a.com";
const SHOP_B = "https://www.shop-b.com";
const CLAIM = "0f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";
const OTHER_CLAIM = "1f3b8f0e-6a55-4d0e-9b8e-2f1c57a3c9d4";
const BROWSER = { "User-Agent": "Browser/1", "CF-Connecting-IP": "198.51.100.7" };
const A = digestOf("from a");

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP_A, SHOP_B]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function mint(change: object = {}, tenant = id): Promise<string> {
  const request = { name: "chat", session: "from a", from: SHOP_A, to: SHOP_B, ...change };
  const response = await ask(`/t/${tenant}/handoff`, {
    method: "POST",
    headers: { ...OWN_PAGE, ...BROWSER },
    body: JSON.stringify(request),
  });
  expect(response.status).toBe(201);
  return response.json();
}

type Arrival = {
  readonly access?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly cookie?: string;
  readonly name?: string;
  readonly state?: object;
};

/** What a browser sends for a page of shop B that shop A has led to. */
function arriving(codes: string, { access = "active", headers = {}, cookie, name = "chat", state }: Arrival = {}) {
  const body = { session: "", base: "", codes, claim: CLAIM, referrer: SHOP_A, atMs: 1, ...state };
  return [
    `/t/${id}/session/${name}`,
    {
      method: "POST",
      headers: {
        Origin: SHOP_B,
        "Sec-Fetch-Mode": "cors",
        ...(access && { "Sec-Fetch-Storage-Access": access }),
        ...(cookie && { Cookie: `__Host-${id}.chat=${cookie}` }),
        ...BROWSER,
        ...headers,
      },
      body: JSON.stringify(body),
    },
  ] as const;
}

function arrive(codes: string, arrival?: Arrival): Promise<Response> {
  return ask(...arriving(codes, arrival));
}

async function heard(response: Response): Promise<unknown> {
  expect(response.status).toBe(200);
  expectStrictHeaders(response);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP_B);
  return response.json();
}

describe("where the hub's cookies are in use", () => {
  test("the link's session is the page's, and the hub's", async () => {
    const response = await arrive(await mint());
    expect(response.headers.get("Set-Cookie")).toMatch(new RegExp(`^__Host-${id}\\.chat=from%20a; `));
    const message = await heard(response);
    expect(isFrameMessage(message)).toBe(true);
    expect(message).toMatchObject({ session: "from a", base: `${A}.`, saved: true, access: "granted" });
  });

  test("it is so again for the same page, and for no other", async () => {
    const code = await mint();
    expect(await heard(await arrive(code))).toMatchObject({ session: "from a" });
    expect(await heard(await arrive(code))).toMatchObject({ session: "from a" });
    expect(await heard(await arrive(code, { state: { claim: OTHER_CLAIM } }))).toMatchObject({ session: "" });
    expect(log.text()).not.toMatch(/from a|carryover=/);
  });

  test("it does not come over a live chat of the page", async () => {
    const state = { session: "own", base: `${digestOf("own")}-` };
    expect(await heard(await arrive(await mint(), { state }))).toMatchObject({ session: "own" });
  });

  test("nor over what the hub knows to be later", async () => {
    const cookie = `later:${A}`;
    expect(await heard(await arrive(await mint(), { cookie }))).toMatchObject({ session: "later" });
  });

  test("nor after its end", async () => {
    const cookie = `:1764300000:${A}`;
    expect(await heard(await arrive(await mint(), { cookie }))).toMatchObject({ session: "" });
    expect(await heard(await arrive(await mint(), { state: { base: `${A}!` } }))).toMatchObject({ session: "" });
  });

  test("of several codes, the one of this cookie counts, and the others stay", async () => {
    const codes = [await mint({ name: "desk", session: "desk's" }), await mint()].join(".");
    expect(await heard(await arrive(codes))).toMatchObject({ session: "from a" });
    expect(await heard(await arrive(codes, { name: "desk" }))).toMatchObject({ session: "desk's" });
  });
});

describe("where there are none", () => {
  test("the link's session is the page's, and nothing is believed or set", async () => {
    const response = await arrive(await mint(), { access: "none", cookie: "of a partitioned jar" });
    expect(response.headers.has("Set-Cookie")).toBe(false);
    const message = await heard(response);
    expect(isFrameMessage(message)).toBe(true);
    expect(message).toMatchObject({ session: "from a", saved: false, pending: false, access: "blocked" });
  });

  test("a page with a live chat keeps it", async () => {
    const state = { session: "own", base: `${digestOf("own")}-` };
    expect(await heard(await arrive(await mint(), { access: "none", state }))).toMatchObject({ session: "own" });
  });
});

test.each(["inactive", ""])("where that is not known (%j), the code stays good", async (access) => {
  const code = await mint();
  const response = await arrive(code, { access });
  expect(response.headers.has("Activate-Storage-Access")).toBe(access === "inactive");
  expect(await heard(response)).toEqual({ reason: expect.any(String) });
  expect(await heard(await arrive(code, { state: { claim: OTHER_CLAIM } }))).toMatchObject({ session: "from a" });
});

describe("brings nothing:", () => {
  test.each([
    ["a code that nobody has made", async () => "AAAAAAAAAAAAAAAAAAAAAA", {}],
    ["another cookie's", () => mint({ name: "other" }), {}],
    ["another tenant's", async () => mint({}, await putTenant([SHOP_A, SHOP_B])), {}],
    ["another browser's", mint, { headers: { "User-Agent": "Browser/2" } }],
    ["one that came by another referrer", mint, { state: { referrer: "https://evil.example" } }],
    ["one that came by none", mint, { state: { referrer: "" } }],
  ] as const)("%s", async (_, code, arrival) => {
    const message = await heard(await arrive(await code(), arrival));
    expect(message).toMatchObject({ type: "loaded", session: "" });
    expect(message).not.toHaveProperty("redeemed");
    expect(log.entries).toHaveLength(1);
    expect(log.entries[0]).toMatchObject({ event: "refused", reason: expect.stringMatching(/^handoff: /) });
  });
});

test("a stranger's page hears nothing, and the code stays good", async () => {
  const code = await mint();
  expect((await arrive(code, { headers: { Origin: "https://evil.example" } })).status).toBe(403);
  expect(await heard(await arrive(code))).toMatchObject({ session: "from a" });
});

test.each([
  { codes: "short" },
  { codes: "AAAAAAAAAAAAAAAAAAAAAA", claim: "no claim" },
  { codes: "AAAAAAAAAAAAAAAAAAAAAA", referrer: 7 },
])("malformed, %j, it is refused", async (state) => {
  expect((await arrive("", { state })).status).toBe(400);
});

test("while the codes cannot be reached, that is said: the iframe may try", async () => {
  const code = await mint();
  const HANDOFFS = {
    getByName() {
      throw new Error("no objects here");
    },
  };
  const [path, init] = arriving(code);
  const response = await worker.fetch(new Request(HUB + path, init), { ...env, HANDOFFS });
  expect(response.status).toBe(503);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP_B);
  expect(await heard(await arrive(code))).toMatchObject({ session: "from a" });
});

test("a page that sends too many is told so: its code stays good", async () => {
  const code = await mint();
  const limit = () => Promise.resolve({ success: false });
  const [path, init] = arriving(code);
  const response = await worker.fetch(new Request(HUB + path, init), { ...env, HANDOFF_LIMIT: { limit } });
  expect(response.status).toBe(429);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP_B);
  expect(await heard(await arrive(code))).toMatchObject({ session: "from a", redeemed: true });
});
