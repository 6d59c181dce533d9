import { brotliCompressSync } from "node:zlib";
import { IFRAME_PATH, SCRIPT_PATH, askHub, startBenchHub } from "../hub.ts";
import { bundleRival, readCrossStorage } from "../load/rival-files.ts";
import { NONE } from "../report/format.ts";
import { type Section, verdict } from "../report/section.ts";

const OURS = [
  { name: "`cookie-provider.min.js`, Genesys extension included", path: SCRIPT_PATH, maxBrotliBytes: 5100 },
  { name: "the iframe page with its script", path: IFRAME_PATH, maxBrotliBytes: 4620 },
  { name: "`links.mjs`, once there is a session to carry", path: "/links.mjs" },
  { name: "`card.mjs`, once the visitor is asked", path: "/card.mjs" },
  { name: "`continue.mjs`, on the continue page", path: "/continue.mjs" },
];

/** What a visitor downloads, beside what others' scripts weigh that do a part of it. */
export async function measureSizes(): Promise<Section> {
  const started = await startBenchHub();
  try {
    const rows: string[][] = [];
    for (const { name, path, maxBrotliBytes } of OURS) {
      // The longest of the page's variants.
      const { body } = await askHub(started, path, { "sec-fetch-storage-access": "inactive" });
      rows.push(row(name, body, maxBrotliBytes));
    }
    for (const [name, content] of await rivals()) rows.push(row(name, content));
    return {
      title: "Sizes",
      tables: [{ columns: ["file", "bytes", "brotli", "goal"], rows }],
      notes: [
        "Bytes as the hub serves them; brotli at its highest quality, as a cache compresses a static file.",
        "cross-storage does reading and writing, of the hub's whole `localStorage`; the files are the package's own `dist/*.min.js`. Browsers partition that storage nowadays, so that it is no longer shared between sites.",
        "penpal is messaging only, without storage: the few lines of bench/rivals that read one cookie are in. Bundled and minified with esbuild.",
      ],
    };
  } finally {
    await started.hub.stop();
  }
}

async function rivals(): Promise<[string, Buffer][]> {
  return [
    ["cross-storage: client", Buffer.from(readCrossStorage("client"))],
    ["cross-storage: hub", Buffer.from(readCrossStorage("hub"))],
    ["penpal: page", Buffer.from(await bundleRival("penpal-page.ts"))],
    ["penpal: iframe", Buffer.from(await bundleRival("penpal-iframe.ts"))],
    ["by hand, unsafe: page", Buffer.from(await bundleRival("bare-page.ts"))],
    ["by hand, unsafe: iframe", Buffer.from(await bundleRival("bare-iframe.ts"))],
  ];
}

function row(name: string, content: Buffer, maxBrotliBytes?: number): string[] {
  const brotliBytes = brotliCompressSync(content).length;
  const goal = maxBrotliBytes === undefined ? NONE : verdict(brotliBytes, { atMost: maxBrotliBytes }, 0);
  return [name, String(content.length), String(brotliBytes), goal];
}
