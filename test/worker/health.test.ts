import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { ask, expectStrictHeaders } from "./hub.ts";

test("/healthz tells the version", async () => {
  const response = await ask("/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: "ok", version: packageJson.version });
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  expectStrictHeaders(response);
});

test("/healthz answers GET alone", async () => {
  expect((await ask("/healthz", { method: "POST" })).status).toBe(405);
});
