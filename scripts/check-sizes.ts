/** `npm run sizes`: what the hub sends to a visitor, as it is really served, against what we promise. */
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { createTestHarness } from "wrangler";

const TENANT = "acme";
const TRUSTED_DOMAINS = ["https://www.shop-a.com", "https://www.shop-b.com"];

const PAYLOADS: readonly Payload[] = [
  { name: "cookie-provider.min.js", path: "/cookie-provider.min.js", maxBrotliBytes: 5100 },
  { name: "iframe page, two domains", path: `/t/${TENANT}/iframe.html`, maxBrotliBytes: 4620 },
  { name: "links.mjs", path: "/links.mjs", maxBrotliBytes: 3550 },
  { name: "cookie-provider.mjs", path: "/cookie-provider.mjs" },
  { name: "iframe.min.js (static mode)", path: "/iframe.min.js" },
];

type Payload = { readonly name: string; readonly path: string; readonly maxBrotliBytes?: number };
type Measured = Payload & { readonly bytes: number; readonly brotliBytes: number };

/** Starts the hub for a moment, and measures. */
async function measure(): Promise<Measured[]> {
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  process.env["WRANGLER_SEND_METRICS"] = "false";
  process.env["WRANGLER_LOG"] ??= "error";
  const hub = createTestHarness({ workers: [{ configPath: path.join(import.meta.dirname, "../wrangler.toml") }] });
  try {
    await hub.listen();
    const { TENANTS } = await hub.getWorker<{ TENANTS: { put(key: string, value: string): Promise<void> } }>().getEnv();
    await TENANTS.put(TENANT, JSON.stringify(TRUSTED_DOMAINS));
    return await Promise.all(
      PAYLOADS.map(async (payload) => {
        // The longest of the page's variants.
        const response = await hub.fetch(payload.path, { headers: { "Sec-Fetch-Storage-Access": "inactive" } });
        if (!response.ok) throw new Error(`${payload.path} is answered with ${response.status}.`);
        const content = Buffer.from(await response.arrayBuffer());
        return { ...payload, bytes: content.length, brotliBytes: brotliCompressSync(content).length };
      }),
    );
  } finally {
    await hub.close();
  }
}

function row(name: string, ...columns: (string | number)[]): string {
  return name.padEnd(30) + columns.map((column) => String(column).padStart(8)).join("");
}

const measured = await measure();
console.log(row("", "bytes", "brotli", "budget"));
for (const { name, bytes, brotliBytes, maxBrotliBytes } of measured) {
  console.log(row(name, bytes, brotliBytes, maxBrotliBytes ?? "–"));
}
const tooLarge = measured.filter(({ brotliBytes, maxBrotliBytes = Infinity }) => brotliBytes > maxBrotliBytes);
for (const { name, brotliBytes, maxBrotliBytes = 0 } of tooLarge) {
  console.error(`${name} is ${brotliBytes - maxBrotliBytes} bytes over its budget.`);
}
process.exit(tooLarge.length === 0 ? 0 : 1);
