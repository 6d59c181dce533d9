/** One line in the log for each request that is refused or goes wrong, by which the operator finds it again. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker from "../../worker/index.ts";
import { HUB, OWN_PAGE, ask, askWithoutKv, captureLog, putTenant } from "./hub.ts";

const RAY = "8f2a1c3b4d5e6f70-FRA";

let id: string;
let log: ReturnType<typeof captureLog>;

beforeEach(async () => {
  log = captureLog();
  id = await putTenant(["https://www.shop-a.com"]);
});

afterEach(() => {
  vi.restoreAllMocks();
});

function putSession(headers: Record<string, string>): Request {
  return new Request(`${HUB}/t/${id}/session/s`, { method: "PUT", headers: { ...OWN_PAGE, ...headers }, body: "x" });
}

describe("a request that is refused", () => {
  test.each([
    ["GET", "/nowhere", {}, "", 404, "no such address"],
    ["GET", "/t/nobody/iframe.html", {}, "nobody", 404, "no such tenant"],
    ["GET", "/t/nobody/continue", {}, "nobody", 404, "no such tenant"],
    ["PUT", "/t/:id/session/secret-name", {}, ":id", 403, "session: not same-origin"],
    ["PUT", "/t/:id/session/secret%20name", OWN_PAGE, ":id", 400, "session: bad cookie name"],
    ["GET", "/t/:id/session/secret-name", {}, ":id", 403, "early: origin not trusted"],
    ["PATCH", "/t/:id/session/secret-name", {}, ":id", 405, "method not allowed"],
    ["POST", "/healthz", {}, "", 405, "method not allowed"],
    ["GET", "/t/:id/continue?return=https://secret.example/", {}, ":id", 400, "continue: return URL untrusted"],
    ["POST", "/t/:id/handoff", {}, ":id", 403, "handoff: not same-origin"],
    ["POST", "/t/:id/outcome", {}, ":id", 403, "outcome: not same-origin"],
  ] as const)("%s %s is one line, by the name that Cloudflare gave it", async (...[method, path, headers, ...rest]) => {
    const [tenant, status, reason] = rest;
    const response = await ask(path.replace(":id", id), { method, headers: { ...headers, "CF-Ray": RAY } });
    expect(response.status).toBe(status);
    expect(log.entries).toEqual([
      { event: "refused", tenant: tenant.replace(":id", id), status, reason, request: RAY },
    ]);
    expect(log.text()).not.toContain("secret");
  });

  test("has a name of its own where Cloudflare gave it none, the same in all its lines", async () => {
    const limit = () => Promise.reject(new Error("limiter down"));
    const request = () => new Request(`${HUB}/t/${id}/session/a%20b`, { method: "PUT", headers: OWN_PAGE, body: "x" });
    await worker.fetch(request(), { ...env, SESSION_LIMIT: { limit } });
    await worker.fetch(request(), { ...env, SESSION_LIMIT: { limit } });
    const names = log.entries.map(({ request }) => request);
    expect(names).toEqual([names[0], names[0], names[2], names[2]]);
    expect(names[0]).toMatch(/^[\da-f]{16}$/);
    expect(names[2]).not.toBe(names[0]);
  });
});

test("a request that fails is one line", async () => {
  expect((await askWithoutKv("/t/unread/iframe.html")).status).toBe(503);
  expect(log.entries).toEqual([
    {
      event: "failed",
      tenant: "unread",
      status: 503,
      reason: "KV failed: KV GET failed: 500",
      request: expect.any(String),
    },
  ]);
});

test("a bug is one line, and tells the visitor nothing", async () => {
  // Stands for any mistake of ours: nothing on the way catches it.
  const faulty = Object.defineProperty({ ...env }, "SESSION_LIMIT", {
    get() {
      throw new TypeError("secret-detail");
    },
  });
  const response = await worker.fetch(putSession({ "CF-Ray": RAY }), faulty);
  expect(response.status).toBe(500);
  expect(await response.text()).toBe("The hub failed to answer. Its operator finds the reason in the log.");
  expect(log.entries).toEqual([
    { event: "failed", tenant: id, status: 500, reason: "TypeError: secret-detail", request: RAY },
  ]);
});

test("a hub without its limits, as a wrong wrangler.toml makes it, still answers, and one line says so", async () => {
  const SESSION_LIMIT = undefined as unknown as RateLimit;
  const response = await worker.fetch(putSession({ "CF-Ray": RAY }), { ...env, SESSION_LIMIT });
  expect(response.status).toBe(204);
  expect(log.entries).toEqual([
    {
      event: "failed",
      tenant: id,
      status: 200,
      reason: expect.stringMatching(/^session: rate limit: ./),
      request: RAY,
    },
  ]);
});

test("what goes well is no line", async () => {
  expect((await ask(`/t/${id}/iframe.html`)).status).toBe(200);
  expect((await ask(`/t/${id}/session/s`, { method: "PUT", headers: OWN_PAGE, body: "x" })).status).toBe(204);
  expect((await ask("/healthz")).status).toBe(200);
  expect(log.entries).toEqual([]);
});
