/** Asks the Worker as the outside does, and as its failing KV would make it. */
import { env, exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import hub from "../../worker/index.ts";

export const HUB = "https://hub.test";

let lastTenant = 0;

/** Puts a document into KV under an id that no other test has used: the isolate remembers tenants for a while. */
export async function putTenant(document: unknown): Promise<string> {
  const id = `tenant-${++lastTenant}`;
  await env.TENANTS.put(id, typeof document === "string" ? document : JSON.stringify(document));
  return id;
}

export function ask(path: string, init?: RequestInit): Promise<Response> {
  return exports.default.fetch(`${HUB}${path}`, init);
}

/** The same Worker with a KV that always fails. */
export async function askWithoutKv(path: string): Promise<Response> {
  const TENANTS = { get: () => Promise.reject(new Error("KV GET failed: 500")) } as unknown as KVNamespace;
  return hub.fetch(new Request(`${HUB}${path}`), { ...env, TENANTS });
}

/** Headers of a request that the hub's own page makes. */
export const OWN_PAGE = { Origin: HUB, "Sec-Fetch-Site": "same-origin" };

/** Collects what the Worker logs while a test runs. */
export function captureLog(): { readonly entries: Record<string, unknown>[]; readonly text: () => string } {
  const entries: Record<string, unknown>[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void entries.push(JSON.parse(line)));
  return { entries, text: () => JSON.stringify(entries) };
}

/** What every answer of the Worker must have, whatever it says. */
export function expectStrictHeaders(response: Response): void {
  const policy = response.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toContain("frame-ancestors ");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*(?!\.)/);
  expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(response.headers.get("Referrer-Policy")).toBe("no-referrer");
  expect(response.headers.get("Strict-Transport-Security")).toMatch(/^max-age=\d{8}/);
  // Either would break framing or popups.
  expect(response.headers.has("X-Frame-Options")).toBe(false);
  expect(response.headers.has("Cross-Origin-Opener-Policy")).toBe(false);
}
