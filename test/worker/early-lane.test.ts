/** The early lane: what a trusted page's own request for the hub cookie may hear, and who hears nothing. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "../../protocol/digest.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { isFrameMessage } from "../../protocol/messages.ts";
import { askWithoutKv, ask, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const SHOP = "https://www.shop-a.com";
const A = digestOf("a");
const B = digestOf("b");
const END = ":1764300000";

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP, "https://*.shop-b.com"]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

type Asked = {
  readonly cookie?: string;
  readonly name?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly state?: unknown;
};

/** As a browser in which the hub's cookies are in use asks for a page of the shop. Headers that are `undefined` are left out. */
function askLane({ cookie, name = "chat", headers = {}, state }: Asked = {}): Promise<Response> {
  const all = {
    Origin: SHOP,
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Storage-Access": "active",
    Cookie: cookie === undefined ? undefined : `other=1; __Host-${id}.chat=${cookie}`,
    ...headers,
  };
  return ask(`/t/${id}/session/${name}`, {
    method: state === undefined ? "GET" : "POST",
    headers: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    ...(state !== undefined && { body: typeof state === "string" ? state : JSON.stringify(state) }),
  });
}

async function heard(response: Response): Promise<Record<string, unknown>> {
  expect(response.status).toBe(200);
  const message: unknown = await response.json();
  expect(isFrameMessage(message)).toBe(true);
  return message as Record<string, unknown>;
}

/** The value of the hub cookie that the answer sets. */
function setBy(response: Response): string | undefined {
  return /=([^;]*);/.exec(response.headers.get("Set-Cookie") ?? "")?.[1];
}

function expectNothingGiven(response: Response, text: string): void {
  expect(response.headers.has("Set-Cookie")).toBe(false);
  expect(text).not.toContain("secret");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expectStrictHeaders(response);
}

describe("a page that has nothing", () => {
  test("hears of the session", async () => {
    const response = await askLane({ cookie: "a" });
    expect(await heard(response)).toEqual({
      type: "loaded",
      id: 0,
      session: "a",
      base: `${A}.`,
      saved: false,
      pending: false,
      access: "granted",
      reason: "The hub can use its cookies on this page.",
      links: `${SHOP} https://*.shop-b.com`,
      scope: "-",
    });
    expect(response.headers.has("Set-Cookie")).toBe(false);
    expectStrictHeaders(response);
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP);
    expect(response.headers.get("Access-Control-Allow-Credentials")).toBe("true");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Vary")).toBe("Origin, Sec-Fetch-Storage-Access");
    expect(log.entries).toEqual([]);
  });

  test("hears of an ended chat, so that its site knows", async () => {
    expect(await heard(await askLane({ cookie: `${END}:${A}` }))).toMatchObject({ session: "", base: `${A}!` });
  });

  test("hears that there is none", async () => {
    expect(await heard(await askLane())).toMatchObject({ session: "", base: "", access: "granted" });
  });

  test("hears of one that any character is in, to the letter", async () => {
    const session = '{"id":"a,b"} naïve 🎉 %25';
    expect(await heard(await askLane({ cookie: encodeURIComponent(session) }))).toMatchObject({ session });
  });

  test("may be on any subdomain of a wildcard, and hears its scope", async () => {
    const response = await askLane({ cookie: "a", headers: { Origin: "https://de.shop-b.com" } });
    expect(await heard(response)).toMatchObject({ session: "a", scope: ".shop-b.com" });
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://de.shop-b.com");
  });

  test("hears of no session of another name", async () => {
    expect(await heard(await askLane({ cookie: "secret", name: "cha" }))).toMatchObject({ session: "" });
  });

  test("of a tenant without handoff has no links", async () => {
    id = await putTenant({ TRUSTED_DOMAINS: [SHOP], handoff: false });
    expect(await heard(await askLane({ cookie: "a" }))).toMatchObject({ session: "a", links: "" });
  });
});

describe("a page that has something of its own is answered by the merge", () => {
  test("the hub's, which came after what the site has shared", async () => {
    const response = await askLane({ cookie: `b:${A}`, state: { session: "a", base: `${A}.` } });
    expect(await heard(response)).toMatchObject({ session: "b", base: `${B}.${A}.`, pending: false, saved: false });
    expect(response.headers.has("Set-Cookie")).toBe(false);
  });

  test("its own, which the hub has, too", async () => {
    const response = await askLane({ cookie: "a", state: { session: "a", base: `${A}-` } });
    expect(await heard(response)).toMatchObject({ session: "a", base: `${A}.`, saved: true, pending: false });
    expect(response.headers.has("Set-Cookie")).toBe(false);
  });

  test("its own live chat, which the hub has not seen: it is saved", async () => {
    const response = await askLane({ state: { session: "a", base: `${A}-` } });
    expect(await heard(response)).toMatchObject({ session: "a", base: `${A}.`, saved: true, pending: false });
    expect(response.headers.get("Set-Cookie")).toBe(
      `__Host-${id}.chat=a; Secure; Path=/; SameSite=None; Max-Age=604800`,
    );
  });

  test("its own live chat over one that its site knows: the hub's history has that", async () => {
    const response = await askLane({ cookie: "b", state: { session: "a", base: `${A}-${B}.` } });
    expect(await heard(response)).toMatchObject({ session: "a", saved: true, pending: false });
    expect(decodeHubCookie(setBy(response))).toMatchObject({ session: "a", history: [B] });
  });

  test("its own live chat over one that its site had not heard of, and has now", async () => {
    const response = await askLane({ cookie: "b", state: { session: "a", base: `${A}-` } });
    expect(await heard(response)).toMatchObject({ session: "a", base: `${A}.${B}.`, pending: false, saved: true });
    expect(decodeHubCookie(setBy(response))).toMatchObject({ session: "a", history: [B] });
  });

  test("nothing, where the site has ended the hub's: that is told", async () => {
    const response = await askLane({ cookie: "a", state: { session: "", base: `${A}!` } });
    expect(await heard(response)).toMatchObject({ session: "", base: `${A}!`, pending: false });
    expect(decodeHubCookie(setBy(response))).toMatchObject({ kind: "tombstone", history: [A] });
  });

  test("nothing, where the chat was ended elsewhere", async () => {
    const response = await askLane({ cookie: `${END}:${A}`, state: { session: "a", base: `${A}.` } });
    expect(await heard(response)).toMatchObject({ session: "", base: `${A}!`, pending: false });
    expect(response.headers.has("Set-Cookie")).toBe(false);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    { session: "a" },
    { session: 1, base: "" },
    { session: "a;b", base: "" },
    { session: "a", base: "no base" },
    { session: "", base: `${A}-`.repeat(9) },
  ])("malformed: %j is refused", async (state) => {
    const response = await askLane({ cookie: "secret", state });
    expect(response.status).toBe(400);
    expectNothingGiven(response, await response.text());
    expect(log.entries).toHaveLength(1);
  });

  test("too large a body is refused unread", async () => {
    const response = await askLane({ state: { session: "a".repeat(40_000), base: "" } });
    expect(response.status).toBe(413);
    expectNothingGiven(response, await response.text());
  });

  test("a session that no cookie of that name could hold stays the page's", async () => {
    const response = await askLane({ state: { session: "ü".repeat(900), base: "" } });
    expect(await heard(response)).toMatchObject({ pending: true, saved: false });
    expect(response.headers.has("Set-Cookie")).toBe(false);
  });
});

describe("nothing is believed, nothing set, and the answer says so", () => {
  test.each([
    ["none", "none"],
    ["no word at all (Firefox before 147, WebKit)", undefined],
    ["something unknown", "perhaps"],
    ["active, and more", "active, none"],
  ])("where the browser says %s", async (_, storageAccess) => {
    const headers = { "Sec-Fetch-Storage-Access": storageAccess };
    for (const state of [undefined, { session: "mine", base: "" }]) {
      const response = await askLane({ cookie: "secret", headers, ...(state && { state }) });
      expect(response.status).toBe(200);
      const text = await response.text();
      expectNothingGiven(response, text);
      expect(isFrameMessage(JSON.parse(text))).toBe(false);
      expect(JSON.parse(text)).toEqual({ reason: expect.stringContaining("Sec-Fetch-Storage-Access") });
      expect(response.headers.has("Activate-Storage-Access")).toBe(false);
      expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP);
    }
  });

  test("where there is access that is not in use: the browser is to ask again, for this page alone", async () => {
    const response = await askLane({ cookie: "secret", headers: { "Sec-Fetch-Storage-Access": "inactive" } });
    expectNothingGiven(response, await response.text());
    expect(response.headers.get("Activate-Storage-Access")).toBe(`retry; allowed-origin="${SHOP}"`);
  });
});

describe("hears no session, sets nothing, and gets a short reason:", () => {
  test.each([
    ["a page without an origin", { Origin: undefined }],
    ["an opaque origin", { Origin: "null" }],
    ["a stranger", { Origin: "https://evil.example" }],
    ["another scheme", { Origin: "http://www.shop-a.com" }],
    ["another port", { Origin: "https://www.shop-a.com:8443" }],
    ["a look-alike", { Origin: "https://www.shop-a.com.evil.example" }],
    ["a look-alike of a wildcard", { Origin: "https://evilshop-b.com" }],
    ["the apex of a wildcard", { Origin: "https://shop-b.com" }],
    ["an origin with a path", { Origin: "https://www.shop-a.com/" }],
    ["two origins", { Origin: "https://www.shop-a.com, https://evil.example" }],
    [
      "an image, a script or a no-cors fetch",
      { Origin: undefined, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image" },
    ],
    ["a no-cors fetch with an origin", { "Sec-Fetch-Mode": "no-cors" }],
    ["a form", { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" }],
    ["an address bar", { Origin: undefined, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "none" }],
    ["a web socket", { "Sec-Fetch-Mode": "websocket" }],
    ["a browser that does not say how it asks", { "Sec-Fetch-Mode": undefined }],
  ])("%s", async (_, headers) => {
    for (const state of [undefined, { session: "mine", base: "" }]) {
      const before = log.entries.length;
      const response = await askLane({ cookie: "secret", headers, ...(state && { state }) });
      expect(response.status).toBe(403);
      const text = await response.text();
      expectNothingGiven(response, text);
      expect(text.length).toBeLessThan(200);
      expect(log.entries.length).toBe(before + 1);
      expect(log.text()).not.toMatch(/secret|mine/);
    }
  });

  test("another tenant's page", async () => {
    const other = await putTenant(["https://www.shop-z.com"]);
    const response = await ask(`/t/${id}/session/chat`, {
      headers: {
        Origin: "https://www.shop-z.com",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Storage-Access": "active",
        Cookie: `__Host-${id}.chat=secret; __Host-${other}.chat=own`,
      },
    });
    expect(response.status).toBe(403);
    const text = await response.text();
    expectNothingGiven(response, text);
    expect(isFrameMessage(JSON.parse(text))).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ type: "refused", access: "untrusted" });
    expect(text).toContain("TRUSTED_DOMAINS");
    // The integrator may read why.
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("https://www.shop-z.com");
    expect(response.headers.get("Access-Control-Allow-Credentials")).toBe("true");
  });

  test.each([
    ["an unknown tenant", "no-such-tenant", 404],
    ["a malformed tenant", "malformed", 500],
  ])("whoever asks for %s", async (_, tenant, status) => {
    const name = tenant === "malformed" ? await putTenant('["http://www.shop-a.com"]') : tenant;
    const response = await ask(`/t/${name}/session/chat`, {
      headers: { Origin: SHOP, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Storage-Access": "active" },
    });
    expect(response.status).toBe(status);
    const text = await response.text();
    expectNothingGiven(response, text);
    expect(isFrameMessage(JSON.parse(text))).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ type: "refused", access: "unreachable" });
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe(SHOP);
    expect(response.headers.get("Access-Control-Allow-Credentials")).toBe("true");
  });

  test("whoever asks while the settings cannot be read", async () => {
    expect((await askWithoutKv("/t/nowhere/session/chat")).status).toBe(503);
  });

  test("whoever asks by a name that no cookie can have", async () => {
    const response = await askLane({ cookie: "secret", name: "a b" });
    expect(response.status).toBe(400);
    expectNothingGiven(response, await response.text());
  });

  test("the hub's own page, which has its cookies anyway", async () => {
    const response = await askLane({ cookie: "secret", headers: { Origin: "https://hub.test" } });
    expect(response.status).toBe(403);
    expectNothingGiven(response, await response.text());
  });
});

test("a preflight is not answered: neither request needs one", async () => {
  const response = await ask(`/t/${id}/session/chat`, { method: "OPTIONS", headers: { Origin: SHOP } });
  expect(response.status).toBe(405);
  expect(response.headers.get("Allow")).toBe("GET, POST, PUT, DELETE");
  expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
});
