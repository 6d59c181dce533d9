import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitUntilUp } from "../../scripts/demo/wait-until-up.ts";
import { type WranglerProcess, runWrangler, startWrangler } from "../../scripts/wrangler/wrangler.ts";
import { type Listening, listen } from "../browser/harness/listen.ts";
import { type TemporaryFolder, temporaryFolder } from "../browser/harness/temporary-folder.ts";
import { WRANGLER_CONFIG } from "./paths.ts";

/** The isolate's memory is 30 s. On Cloudflare, KV's own cache comes on top: two minutes are promised. */
const CHANGE_TIMEOUT_MS = 40_000;

let state: TemporaryFolder;
let wrangler: WranglerProcess | undefined;
let stranger: Listening | undefined;

beforeEach(() => {
  state = temporaryFolder("carryover-command-line-");
});

afterEach(async () => {
  await wrangler?.stop();
  await stranger?.close();
  wrangler = undefined;
  stranger = undefined;
  state.remove();
});

function startDev(port: number): WranglerProcess {
  const where = ["--config", WRANGLER_CONFIG, "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  return startWrangler(["dev", ...where, "--persist-to", state.path, "--show-interactive-dev-session=false"]);
}

function putTenant(document: unknown): Promise<void> {
  const where = ["--local", "--config", WRANGLER_CONFIG, "--persist-to", state.path, "--binding", "TENANTS"];
  return runWrangler(["kv", "key", "put", ...where, "acme", JSON.stringify(document)]);
}

async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}

test("an operator's `wrangler kv key put` changes who is trusted by the running hub", async () => {
  await putTenant(["https://www.shop-a.com", "https://www.shop-b.com"]);
  const hub = `http://127.0.0.1:${await freePort()}`;
  wrangler = startDev(Number(new URL(hub).port));
  await waitUntilUp("The hub", `${hub}/healthz`, wrangler);
  const trusted = async () => {
    const response = await fetch(`${hub}/t/acme/iframe.html`);
    return /frame-ancestors (.*)/.exec(response.headers.get("Content-Security-Policy") ?? "")?.[1];
  };
  expect(await trusted()).toBe("https://www.shop-a.com https://www.shop-b.com");

  await putTenant(["https://www.shop-b.com", "https://www.shop-c.com"]);
  await expect
    .poll(trusted, { timeout: CHANGE_TIMEOUT_MS, interval: 500 })
    .toBe("https://www.shop-b.com https://www.shop-c.com");
  expect((await fetch(`${hub}/cookie-provider.min.js`)).status).toBe(200);
}, 120_000);

test("a hub whose port is taken ends, says so and leaves the other server alone", async () => {
  const other = createServer((_, response) => response.end("somebody else"));
  stranger = await listen(other);
  wrangler = startDev(stranger.port);
  expect(await wrangler.exited).not.toBe(0);
  expect(wrangler.output()).toContain(`Address already in use (127.0.0.1:${stranger.port})`);
  expect(await (await fetch(`http://127.0.0.1:${stranger.port}/healthz`)).text()).toBe("somebody else");
});
