import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import type { Manifest } from "../../scripts/build.ts";
import { HUB, type Hub, startHub } from "./hub.ts";

const RELEASE = `/v/${packageJson.version}`;
const JAVASCRIPT = "text/javascript; charset=utf-8";

const SCRIPTS = [
  "cookie-provider.min.js",
  "cookie-provider.mjs",
  "iframe.min.js",
  "links.mjs",
  "card.mjs",
  "continue.mjs",
  "check.mjs",
];
const FILES = [
  ...SCRIPTS.map((file) => [file, JAVASCRIPT] as const),
  ...SCRIPTS.map((file) => [`${file}.map`, "application/json"] as const),
  // Readable in a browser, instead of the video/mp2t that the .ts suffix stands for.
  ["cookie-provider.d.ts", "text/plain; charset=utf-8"] as const,
  ["tenant.schema.json", "application/json"] as const,
];

let hub: Hub;

beforeAll(async () => {
  hub = await startHub();
});

afterAll(() => hub?.close());

async function bytesOf(path: string): Promise<Buffer> {
  const response = await hub.ask(path);
  expect(response.status, path).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

describe.each(FILES)("%s", (file, contentType) => {
  test.each([
    ["at its moving URL, is fetched anew after five minutes", `/${file}`, "public, max-age=300"],
    ["at its release's URL, is kept for a year", `${RELEASE}/${file}`, "public, max-age=31536000, immutable"],
  ])("%s, and can be used by any site", async (_, path, cacheControl) => {
    const { status, headers } = await hub.ask(path);
    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toBe(contentType);
    expect(headers.get("Cache-Control")).toBe(cacheControl);
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(headers.get("Strict-Transport-Security")).toBe("max-age=63072000");
    expect(headers.has("Set-Cookie")).toBe(false);
  });

  test("is the same at both URLs", async () => {
    expect(await bytesOf(`${RELEASE}/${file}`)).toEqual(await bytesOf(`/${file}`));
  });

  test.each([`/${file}`, `${RELEASE}/${file}`])(
    "%s answers HEAD without a body, and 304 to who has it",
    async (path) => {
      const { headers } = await hub.ask(path);
      const head = await hub.ask(path, { method: "HEAD" });
      expect(head.status).toBe(200);
      expect(await head.text()).toBe("");
      for (const name of ["Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "ETag"]) {
        expect(head.headers.get(name), name).toBe(headers.get(name));
      }

      const etag = headers.get("ETag") ?? "";
      expect(etag).not.toBe("");
      const again = await hub.ask(path, { headers: { "If-None-Match": etag } });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe("");
      expect(again.headers.get("Cache-Control")).toBe(headers.get("Cache-Control"));
      expect(again.headers.get("Access-Control-Allow-Origin")).toBe("*");
      expect((await hub.ask(path, { headers: { "If-None-Match": '"something-else"' } })).status).toBe(200);
    },
  );
});

describe.each(["", RELEASE])("debuggers, at %j,", (folder) => {
  test.each(SCRIPTS)("find the sources of %s by a header, which costs its visitors nothing", async (file) => {
    const path = `${folder}/${file}`;
    const response = await hub.ask(path);
    expect(await response.text()).not.toContain("sourceMappingURL");
    const { pathname } = new URL(response.headers.get("SourceMap") ?? "missing", `${HUB}${path}`);
    expect(pathname).toBe(`${path}.map`);
    const map: unknown = JSON.parse((await bytesOf(pathname)).toString());
    expect(map).toMatchObject({ version: 3, sourcesContent: expect.arrayContaining([expect.any(String)]) });
  });
});

describe("the manifest of a release", () => {
  async function readManifest(): Promise<Manifest> {
    return JSON.parse((await bytesOf(`${RELEASE}/manifest.json`)).toString()) as Manifest;
  }

  test("is immutable, and readable by any site", async () => {
    const { headers } = await hub.ask(`${RELEASE}/manifest.json`);
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  });

  test("lists every file of the release", async () => {
    const { version, files } = await readManifest();
    expect(version).toBe(packageJson.version);
    expect(files.map(({ file }) => file).toSorted()).toEqual(FILES.map(([file]) => file).toSorted());
  });

  test("tells the size and the integrity of what is served", async () => {
    for (const { file, bytes, brotliBytes, integrity } of (await readManifest()).files) {
      const served = await bytesOf(`${RELEASE}/${file}`);
      expect(bytes, file).toBe(served.length);
      expect(brotliBytes, file).toBe(brotliCompressSync(served).length);
      expect(integrity, file).toBe(`sha384-${createHash("sha384").update(served).digest("base64")}`);
    }
  });

  test("has no moving URL", async () => {
    expect((await hub.ask("/manifest.json")).status).toBe(404);
  });
});

describe("an address without a file", () => {
  test.each([
    "/",
    "/index.html",
    "/_headers",
    "/iframe.html",
    "/cookie-provider.min.js/",
    "/cookie-provider",
    "/Cookie-Provider.min.js",
    "/v/",
    RELEASE,
    `${RELEASE}/`,
    `${RELEASE}/other.js`,
    "/v/0.0.0/cookie-provider.min.js",
    "/%2e%2e/package.json",
    "/..%2fiframe-script.ts",
    "/.well-known/security.txt",
  ])("%s is the Worker's 404: in words, kept by no cache, closed to framing", async (path) => {
    const response = await hub.ask(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("There is nothing at this address of the hub.");
    expect(response.headers.get("Content-Type")).toMatch(/^text\/plain/);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(response.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    // A release that is shipped later must not be remembered as missing, nor be readable before.
    expect(response.headers.has("Access-Control-Allow-Origin")).toBe(false);
  });
});

test.each(["POST", "PUT", "DELETE", "PATCH"])("%s changes no file", async (method) => {
  expect((await hub.ask("/cookie-provider.min.js", { method })).status).toBe(405);
  expect((await hub.ask("/cookie-provider.min.js")).status).toBe(200);
});
