/** Outcomes, counted for the operator. Cloudflare's Analytics Engine cannot be read here: a dataset that remembers stands in. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { VERSION } from "../../dist/iframe-script.ts";
import { OUTCOMES } from "../../protocol/outcomes.ts";
import worker from "../../worker/index.ts";
import { HUB, OWN_PAGE, captureLog, expectStrictHeaders, putTenant } from "./hub.ts";

const SHOP = "https://www.shop-a.com";

let id: string;
let log: ReturnType<typeof captureLog>;
let counted: AnalyticsEngineDataPoint[];

beforeEach(async () => {
  log = captureLog();
  id = await putTenant([SHOP]);
  counted = [];
});

afterEach(() => {
  vi.restoreAllMocks();
});

type Setting = { readonly rate?: unknown; readonly dataset?: boolean };

function askHub(path: string, init: RequestInit, { rate = 1, dataset = true }: Setting = {}): Promise<Response> {
  const OUTCOME_SAMPLE_RATE = rate as string;
  const writeDataPoint = (point: AnalyticsEngineDataPoint = {}) => void counted.push(point);
  const request = new Request(`${HUB}/t/${id}/${path}`, init);
  return Promise.resolve(
    worker.fetch(request, { ...env, OUTCOME_SAMPLE_RATE, ...(dataset && { OUTCOMES: { writeDataPoint } }) }),
  );
}

function send(outcome: string, setting?: Setting, headers: Record<string, string> = OWN_PAGE): Promise<Response> {
  return askHub("outcome", { method: "POST", headers, body: outcome }, setting);
}

async function rateInPage(setting: Setting): Promise<unknown> {
  const html = await (await askHub("iframe.html", {}, setting)).text();
  const config = JSON.parse(/id="carryover-config">(.*?)<\/script>/s.exec(html)?.[1] ?? "") as { sampleRate: unknown };
  return config.sampleRate;
}

describe("a beacon", () => {
  test.each(OUTCOMES)("of %s is counted for its tenant", async (outcome) => {
    const response = await send(outcome);
    expect(response.status).toBe(204);
    expectStrictHeaders(response);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(counted).toEqual([{ indexes: [id], blobs: [outcome, VERSION], doubles: [1] }]);
    expect(log.entries).toEqual([]);
  });

  test("stands for as many page views as the sample leaves out", async () => {
    await send("granted", { rate: "0.01" });
    expect(counted).toEqual([expect.objectContaining({ doubles: [100] })]);
  });

  test.each([
    ["from another site", "granted", { Origin: SHOP, "Sec-Fetch-Site": "cross-site" }, 403, "not same-origin"],
    ["of another word", "secret-session", OWN_PAGE, 400, "unknown outcome"],
    ["of what only the hub itself can see", "unreachable", OWN_PAGE, 400, "unknown outcome"],
    ["of nothing", "", OWN_PAGE, 400, "unknown outcome"],
    ["of what is longer than any word", "v".repeat(33), OWN_PAGE, 413, "body too large"],
  ] as const)("%s is refused and not counted", async (_, outcome, headers, status, reason) => {
    const response = await send(outcome, {}, headers);
    expect(response.status).toBe(status);
    expectStrictHeaders(response);
    expect(counted).toEqual([]);
    expect(log.entries).toEqual([expect.objectContaining({ event: "refused", status, reason: `outcome: ${reason}` })]);
    expect(log.text()).not.toContain("secret");
  });

  test("for a tenant that there is not is refused: nobody fills the counts with names", async () => {
    id = "nobody";
    expect((await send("granted")).status).toBe(404);
    expect(counted).toEqual([]);
  });

  test("is taken, and not counted, once the operator has switched counting off", async () => {
    expect((await send("granted", { rate: 0 })).status).toBe(204);
    expect((await send("granted", { dataset: false })).status).toBe(204);
    expect(counted).toEqual([]);
  });
});

describe("the share of page views that are counted", () => {
  test.each([
    [{ rate: "0.05" }, 0.05],
    [{ rate: 1 }, 1],
    [{ rate: 0 }, 0],
    [{ rate: 0.5, dataset: false }, 0],
    // No number that could be meant: better none than all.
    [{ rate: "5%" }, 0],
    [{ rate: 7 }, 0],
    [{ rate: -1 }, 0],
    [{ rate: "" }, 0],
  ] as const)("is told to the iframe page: %j is %d", async (setting, told) => {
    expect(await rateInPage({ ...setting })).toBe(told);
  });

  test("is none as wrangler.toml has it", async () => {
    expect(env).not.toHaveProperty("OUTCOMES");
    const { exports } = await import("cloudflare:workers");
    const html = await (await exports.default.fetch(`${HUB}/t/${id}/iframe.html`)).text();
    expect(html).toContain('"sampleRate":0,');
  });
});

describe("a page that asks why its iframe is silent", () => {
  const asking = (origin: string) => ({ headers: { Origin: origin, "Sec-Fetch-Dest": "empty" } });

  test.each([
    [SHOP, "unreachable"],
    ["https://evil.example", "untrusted"],
    ["null", "untrusted"],
  ])("on %s is counted as %s", async (origin, outcome) => {
    expect((await askHub("iframe.html", asking(origin))).status).toBe(200);
    expect(counted).toEqual([{ indexes: [id], blobs: [outcome, VERSION], doubles: [1] }]);
  });

  test("is not counted where nothing is", async () => {
    await askHub("iframe.html", asking(SHOP), { rate: 0 });
    expect(counted).toEqual([]);
  });

  test("is told from the iframe itself", async () => {
    await askHub("iframe.html", { headers: { "Sec-Fetch-Dest": "iframe" } });
    expect(counted).toEqual([]);
  });
});

describe("a page that asks for its session itself", () => {
  const asking = (origin: string, body?: object) => ({
    headers: { Origin: origin, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Storage-Access": "active" },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  const count = (outcome: string) => ({ indexes: [id], blobs: [outcome, VERSION], doubles: [1] });

  test("is counted if it is not among the tenant's, and otherwise by its iframe", async () => {
    await askHub("session/chat", asking("https://evil.example"));
    await askHub("session/chat", asking(SHOP));
    await askHub("session/chat", asking(SHOP, { session: "own", base: "" }));
    expect(counted).toEqual([count("untrusted")]);
  });

  test("is counted if a link has brought the session", async () => {
    const other = "https://www.shop-b.com";
    id = await putTenant([SHOP, other]);
    const minting = { name: "chat", session: "carried", from: SHOP, to: other };
    const minted = await askHub("handoff", { method: "POST", headers: OWN_PAGE, body: JSON.stringify(minting) });
    const codes = await minted.json();
    const arrival = { session: "", base: "", codes, referrer: SHOP };
    await askHub("session/chat", asking(other, arrival), { rate: 0 });
    expect(counted).toEqual([]);
    const again = await askHub("handoff", { method: "POST", headers: OWN_PAGE, body: JSON.stringify(minting) });
    await askHub("session/chat", asking(other, { ...arrival, codes: await again.json() }));
    expect(counted).toEqual([count("handoff")]);
  });
});

describe("too many requests of one address", () => {
  const limit = () => Promise.resolve({ success: false });

  test.each([
    ["PUT", "session/s", "session"],
    ["DELETE", "session/s", "session"],
    ["POST", "outcome", "outcome"],
  ])("%s %s is 429, says when to come again, and is in the log", async (method, path, what) => {
    const request = new Request(`${HUB}/t/${id}/${path}`, {
      method,
      headers: OWN_PAGE,
      ...(method !== "DELETE" && { body: "granted" }),
    });
    const response = await worker.fetch(request, { ...env, SESSION_LIMIT: { limit }, OUTCOME_LIMIT: { limit } });
    expect(response.status).toBe(429);
    expect(await response.text()).toBe("Too many requests from this address: try again in a minute.");
    expect(response.headers.get("Retry-After")).toBe("60");
    expect(response.headers.has("Set-Cookie")).toBe(false);
    expectStrictHeaders(response);
    expect(log.entries).toEqual([
      expect.objectContaining({ event: "refused", status: 429, reason: `${what}: too many requests` }),
    ]);
  });

  /** One request a minute for each key. */
  function strictLimits() {
    const keys: string[] = [];
    const limit = ({ key }: { key: string }) => {
      keys.push(key);
      return Promise.resolve({ success: keys.indexOf(key) === keys.length - 1 });
    };
    return { keys, env: { ...env, SESSION_LIMIT: { limit }, HANDOFF_LIMIT: { limit }, OUTCOME_LIMIT: { limit } } };
  }

  function requestOf(tenant: string, method: string, path: string): Request {
    return new Request(`${HUB}/t/${tenant}/${path}`, {
      method,
      headers: { ...OWN_PAGE, "CF-Connecting-IP": "198.51.100.7" },
      ...(method !== "DELETE" && { body: "granted" }),
    });
  }

  const LIMITED = [
    ["PUT", "session/s", 204, 429],
    ["DELETE", "session/s", 204, 429],
    ["POST", "outcome", 204, 429],
    // Every refusal of a handoff looks the same: the log has the difference.
    ["POST", "handoff", 403, 403],
    ["POST", "handoff/redeem", 403, 403],
  ] as const;

  test.each(LIMITED)("%s %s at one tenant leave it its requests at another", async (method, path, within, beyond) => {
    const limits = strictLimits();
    const other = await putTenant([SHOP]);
    const statusAt = async (tenant: string) => (await worker.fetch(requestOf(tenant, method, path), limits.env)).status;
    expect([await statusAt(id), await statusAt(id), await statusAt(other)]).toEqual([within, beyond, within]);
    const refusals = log.entries.filter(({ reason }) => String(reason).endsWith("too many requests"));
    expect(refusals).toEqual([expect.objectContaining({ tenant: id })]);
    expect(new Set(limits.keys)).toEqual(new Set([`${id} 198.51.100.7`, `${other} 198.51.100.7`]));
  });

  test.each(LIMITED)("%s %s at tenants that do not exist are not counted", async (method, path) => {
    const limits = strictLimits();
    const response = await worker.fetch(requestOf("nobody", method, path), limits.env);
    expect(response.status).toBe(404);
    expect(limits.keys).toEqual([]);
  });

  test.each(["SESSION_LIMIT", "HANDOFF_LIMIT", "OUTCOME_LIMIT"] as const)(
    "%s is a real limit",
    async (name) => {
      const key = `one-address-${name}`;
      const answers = await Promise.all(Array.from({ length: 1201 }, () => env[name].limit({ key })));
      // Two whole minutes of the clock at most may share them.
      expect(answers.some(({ success }) => !success)).toBe(true);
      expect((await env[name].limit({ key: "another" })).success).toBe(true);
    },
    60_000,
  );
});
