/**
 * One hub under several origins: its own domain, `workers.dev`, a preview of a version. They share KV and Durable Objects, but
 * browsers give each cookies of its own, and none may act for another.
 */
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const DOMAIN = "https://chat-hub.example";
const WORKERS_DEV = "https://carryover-hub.acme.workers.dev";
const PREVIEW = "https://0a1b2c3d-carryover-hub.acme.workers.dev";
const SHOP_A = "https://www.shop-a.com";
const SHOP_B = "https://www.shop-b.com";

/** The origin that is asked, that of the page that asks, and what the browser calls the two. */
const PAIRS = [
  [DOMAIN, WORKERS_DEV, "cross-site"],
  [WORKERS_DEV, DOMAIN, "cross-site"],
  [DOMAIN, PREVIEW, "cross-site"],
  [WORKERS_DEV, PREVIEW, "same-site"],
  [PREVIEW, WORKERS_DEV, "same-site"],
] as const;

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP_A, SHOP_B]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

type From = { readonly origin: string; readonly site?: string };

function send(hub: string, method: string, path: string, body: string | undefined, from: From): Promise<Response> {
  const headers = { Origin: from.origin, ...(from.site !== undefined && { "Sec-Fetch-Site": from.site }) };
  return exports.default.fetch(`${hub}/t/${id}/${path}`, { method, headers, ...(body !== undefined && { body }) });
}

function sendOwn(hub: string, path: string, body: object): Promise<Response> {
  return send(hub, "POST", path, JSON.stringify(body), { origin: hub, site: "same-origin" });
}

async function mintOn(hub: string, from: string): Promise<string> {
  const response = await sendOwn(hub, "handoff", { name: "chat", session: "secret-session", from, to: SHOP_B });
  expect(response.status).toBe(201);
  return response.json();
}

function redeemOn(hub: string, code: string, referrer: string): Promise<Response> {
  return sendOwn(hub, "handoff/redeem", { code, name: "chat", to: SHOP_B, referrer });
}

describe.each(PAIRS)("%s, asked by a page of %s", (hub, other, site) => {
  test.each([
    ["PUT", "session/chat", "secret-session"],
    ["DELETE", "session/chat", undefined],
    ["POST", "handoff", JSON.stringify({ name: "chat", session: "secret-session", from: SHOP_A, to: SHOP_B })],
    ["POST", "outcome", "granted"],
  ])("refuses %s %s, whatever the browser says of the two", async (method, path, body) => {
    for (const said of [site, "same-origin", undefined]) {
      const from = { origin: other, ...(said !== undefined && { site: said }) };
      const response = await send(hub, method, path, body, from);
      expect(response.status).toBe(403);
      expect(response.headers.has("Set-Cookie")).toBe(false);
      expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
      expectStrictHeaders(response);
    }
    expect(log.entries).toHaveLength(3);
    expect(log.entries.every(({ reason }) => String(reason).endsWith(": not same-origin"))).toBe(true);
  });

  test("refuses to redeem a code, which stays good", async () => {
    const code = await mintOn(hub, SHOP_A);
    const body = JSON.stringify({ code, name: "chat", to: SHOP_B, referrer: SHOP_A });
    expect((await send(hub, "POST", "handoff/redeem", body, { origin: other, site })).status).toBe(403);
    expect((await redeemOn(hub, code, SHOP_A)).status).toBe(200);
  });

  test("does not redeem a code of the other's continue page", async () => {
    const code = await mintOn(other, other);
    expect((await redeemOn(hub, code, other)).status).toBe(403);
    expect(log.entries.map(({ reason }) => reason)).toEqual(["handoff: source no longer trusted"]);
    expect((await redeemOn(other, code, other)).status).toBe(403);
  });

  test("does not mint a code in the other's name, nor to it", async () => {
    for (const [from, to] of [
      [other, SHOP_B],
      [SHOP_A, other],
    ])
      expect((await sendOwn(hub, "handoff", { name: "chat", session: "secret-session", from, to })).status).toBe(403);
  });

  test("sends no sessions along for a visitor who comes from there, and does not lead back to it", async () => {
    const headers = { "Sec-Fetch-Site": site };
    const path = `/t/${id}/continue?return=${encodeURIComponent(SHOP_A)}`;
    expect(await (await exports.default.fetch(hub + path, { headers })).text()).toContain('"handoff":false,');
    const back = `/t/${id}/continue?return=${encodeURIComponent(other)}`;
    expect((await exports.default.fetch(hub + back)).status).toBe(400);
  });

  test("serves pages that name its own origin only", async () => {
    for (const page of ["iframe.html", "continue", "check"]) {
      for (const one of [other, hub, other, hub]) {
        const response = await exports.default.fetch(`${one}/t/${id}/${page}`);
        const all = `${await response.text()} ${response.headers.get("Content-Security-Policy")}`;
        expect(all).not.toContain(one === hub ? `${other}/` : `${hub}/`);
      }
    }
  });
});
