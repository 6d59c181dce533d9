import { type IncomingMessage, createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Listening, listen } from "../browser/harness/listen.ts";
import { TOOL_TIMEOUT_MS, tenantTool } from "./tenant-tool.ts";

const NAMESPACE = "/client/v4/accounts/an-account/storage/kv/namespaces/a-namespace";

/** KV of the deployed hub. */
const stored = new Map<string, string>();
let cloudflare: Listening;

beforeAll(async () => {
  cloudflare = await listen(
    createServer((request, response) => {
      void answer(request).then((result) => {
        response.statusCode = result === undefined ? 404 : 200;
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ success: result !== undefined, errors: [], messages: [], result }));
      });
    }),
  );
});

afterAll(() => cloudflare?.close());

/** Cloudflare's API in memory, as far as wrangler's KV commands ask it. https://developers.cloudflare.com/api/resources/kv/ */
async function answer(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  switch (`${request.method} ${request.url}`) {
    case "GET /client/v4/accounts/an-account/workers/scripts/carryover-hub/settings":
      return { bindings: [{ type: "kv_namespace", name: "TENANTS", namespace_id: "a-namespace" }] };
    case `POST ${NAMESPACE}/bulk/get`: {
      const { keys } = JSON.parse(body) as { keys: string[] };
      return { values: Object.fromEntries(keys.map((key) => [key, stored.get(key) ?? null])) };
    }
    case `PUT ${NAMESPACE}/bulk`:
      for (const { key, value } of JSON.parse(body) as { key: string; value: string }[]) stored.set(key, value);
      return {};
    default:
      return undefined;
  }
}

function remoteTool(name: string, token: string) {
  return tenantTool(name, {
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${cloudflare.port}/client/v4`,
    CLOUDFLARE_ACCOUNT_ID: "an-account",
    CLOUDFLARE_API_TOKEN: token,
  });
}

test(
  "npm run tenant -- put --remote writes to the KV of the deployed hub, and says so",
  async () => {
    const tool = remoteTool("remote", "a-token");
    tool.file("acme.json", { TRUSTED_DOMAINS: ["https://www.shop-a.com", "http://localhost:3000"] });
    const { exitCode, stdout, stderr } = await tool.run("put", "acme", "acme.json", "--remote");
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/^KV of the deployed hub \(--remote\)\n/);
    expect(stderr).toContain(
      'acme.json:4: warning: TRUSTED_DOMAINS[1] "http://localhost:3000" is each visitor\'s own machine',
    );
    expect(stdout).toContain("1/1 written and read back: acme");
    expect([...stored]).toEqual([["acme", '{"TRUSTED_DOMAINS":["https://www.shop-a.com","http://localhost:3000"]}']]);
  },
  TOOL_TIMEOUT_MS,
);

test(
  "npm run tenant -- list --remote without a login fails in wrangler's words, with the remedy",
  async () => {
    const { exitCode, stdout, stderr } = await remoteTool("stranger", "").run("list", "--remote");
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("wrangler kv key list failed");
    expect(stderr).toContain("If you are not logged in: npx wrangler login");
  },
  TOOL_TIMEOUT_MS,
);
