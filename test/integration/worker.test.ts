import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { digestOf } from "../../protocol/digest.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { sessionPath, tenantPath } from "../../protocol/routes.ts";
import { HUB, type Hub, startHub } from "./hub.ts";

const OWN_PAGE = { Origin: HUB, "Sec-Fetch-Site": "same-origin" };
const SHOPS = ["https://www.shop-a.com", "https://www.shop-b.com"];

let hub: Hub;

beforeAll(async () => {
  hub = await startHub();
});

afterAll(() => hub?.close());

/** Takes a `Set-Cookie` line apart: the pair, and the attributes as they stand. */
function parseSetCookie(line: string): { name: string; value: string; attributes: string[] } {
  const [pair = "", ...attributes] = line.split("; ");
  const [name = "", value = ""] = pair.split(/=(.*)/s);
  return { name, value, attributes };
}

test("/healthz tells the version through the router, kept by no cache", async () => {
  const response = await hub.ask("/healthz");
  expect(await response.json()).toEqual({ status: "ok", version: packageJson.version });
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expect((await hub.ask("/healthz", { method: "HEAD" })).status).toBe(200);
});

describe("the iframe page, behind the router,", () => {
  test("has the Worker's headers alone: those of the files are not for it", async () => {
    const response = await hub.ask(`/t/${await hub.putTenant(SHOPS)}/iframe.html`);
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("Cache-Control")).toBe("private, max-age=30, must-revalidate");
    expect(response.headers.get("Content-Security-Policy")).toMatch(
      /frame-ancestors https:\/\/www\.shop-a\.com https:\/\/www\.shop-b\.com$/,
    );
    expect(response.headers.has("X-Frame-Options")).toBe(false);
    expect(response.headers.has("Cross-Origin-Opener-Policy")).toBe(false);
  });

  test("is revalidated by its ETag, and answers HEAD", async () => {
    const path = `/t/${await hub.putTenant(SHOPS)}/iframe.html`;
    const etag = (await hub.ask(path)).headers.get("ETag") ?? "";
    const again = await hub.ask(path, { headers: { "If-None-Match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    const head = await hub.ask(path, { method: "HEAD" });
    expect([head.status, head.headers.get("ETag"), await head.text()]).toEqual([200, etag, ""]);
  });

  test("belongs to a tenant as soon as KV holds it", async () => {
    expect((await hub.ask("/t/nobody-yet/iframe.html")).status).toBe(404);
    const first = await hub.putTenant(SHOPS.slice(0, 1));
    const second = await hub.putTenant(SHOPS.slice(1));
    expect(await (await hub.ask(`/t/${first}/iframe.html`)).text()).toContain(
      '"trustedDomains":["https://www.shop-a.com"]',
    );
    expect(await (await hub.ask(`/t/${second}/iframe.html`)).text()).toContain(
      '"trustedDomains":["https://www.shop-b.com"]',
    );
  });
});

describe("a session", () => {
  test("is set by the hub, survives the way into a cookie and back, and is ended by a tombstone", async () => {
    const tenant = await hub.putTenant(SHOPS);
    const path = tenantPath(tenant) + sessionPath("_genesys.widgets.webchat.state.session");
    const value = '{"id":"a,b","name":"Zoë 日本 🎉","rate":"100%25"}';

    const put = await hub.ask(path, { method: "PUT", headers: OWN_PAGE, body: value });
    expect(put.status).toBe(204);
    expect(put.headers.getSetCookie()).toHaveLength(1);
    const set = parseSetCookie(put.headers.getSetCookie()[0] ?? "");
    expect(set.name).toBe(`${tenant}._genesys.widgets.webchat.state.session`);
    expect(set.attributes).toEqual(["Secure", "Path=/", "SameSite=None", "Max-Age=604800"]);
    expect(decodeHubCookie(set.value)).toEqual({
      kind: "session",
      session: value,
      digest: digestOf(value),
      history: [],
    });

    const ended = await hub.ask(path, {
      method: "DELETE",
      headers: { ...OWN_PAGE, Cookie: `${set.name}=${set.value}` },
    });
    expect(ended.status).toBe(204);
    const tombstone = parseSetCookie(ended.headers.getSetCookie()[0] ?? "");
    expect(tombstone).toMatchObject({ name: set.name, attributes: set.attributes });
    expect(decodeHubCookie(tombstone.value)).toEqual({ kind: "tombstone", history: [digestOf(value)] });
  });

  test("over https is in a __Host- cookie, which no sibling of the hub can set", async () => {
    const tenant = await hub.putTenant(SHOPS);
    const origin = "https://chat-hub.example";
    const put = await hub.askWorker(`${origin}${tenantPath(tenant)}${sessionPath("s")}`, {
      method: "PUT",
      headers: { Origin: origin, "Sec-Fetch-Site": "same-origin" },
      body: "v",
    });
    expect(put.headers.getSetCookie()).toEqual([`__Host-${tenant}.s=v; Secure; Path=/; SameSite=None; Max-Age=604800`]);
  });

  test("is not set for another site, and the log tells why, without the session", async () => {
    const tenant = await hub.putTenant(SHOPS);
    const response = await hub.ask(tenantPath(tenant) + sessionPath("s"), {
      method: "PUT",
      headers: { Origin: "https://www.shop-a.com", "Sec-Fetch-Site": "cross-site" },
      body: "secret-session",
    });
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
    await expect.poll(() => hub.logs().join("\n")).toContain(`"tenant":"${tenant}","status":403`);
    expect(hub.logs().join("\n")).not.toContain("secret-session");
  });
});
