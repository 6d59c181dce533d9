import {
  type Browser,
  SHOP_A,
  SHOP_B,
  type World,
  poll,
  shopPage,
  startWorld,
} from "../../test/browser/harness/index.ts";
import { formatSpread } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { spread } from "../statistics.ts";

const HUB_LATENCIES_MS = [0, 100, 300];

/** How long the pointer is on the link before it is pressed: not at all, briefly, and as with a visitor who reads it first. */
const RESTS_MS = [0, 200, 500];

/** A hand holds the button down that long. */
const HOLD_MS = 90;

/** A link that was not held back is left within this time of its click. */
const AT_ONCE_MS = 20;

const LINK = `<a id="over" href="${SHOP_B}/">Our other shop</a>`;

type Departure = { readonly waitedMs: number; readonly hasCode: boolean; readonly codes: number };

/** Clicks on a link to another site, with the hub near and far: how many find their code ready, and what they wait otherwise. */
export async function measureLinks({ rounds }: { rounds: number }): Promise<Section> {
  const world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  try {
    serveShops(world);
    const browser = await world.launch({ policy: "block" });
    const rows: string[][] = [];
    for (const latencyMs of HUB_LATENCIES_MS) {
      world.setHub({ delayMs: latencyMs });
      for (const restMs of RESTS_MS) {
        const departures: Departure[] = [];
        for (let round = 0; round < rounds; round++) departures.push(await leave(browser, restMs));
        const share = (isSo: (one: Departure) => boolean) =>
          `${Math.round((100 * departures.filter(isSo).length) / rounds)} %`;
        rows.push([
          `${latencyMs} ms, pointer there for ${restMs} ms`,
          share(({ waitedMs }) => waitedMs < AT_ONCE_MS),
          share(({ hasCode }) => hasCode),
          formatSpread(spread(departures.map(({ waitedMs }) => waitedMs)), 0),
          String(Math.max(...departures.map(({ codes }) => codes))),
        ]);
      }
    }
    return {
      title: "Clicks that find their code ready, in Chromium",
      tables: [
        {
          columns: ["the hub's latency", "ready", "with the chat", "held back, ms", "codes made, at most"],
          rows,
        },
      ],
      notes: [
        `${rounds} clicks each, median (quartiles). A real mouse moves onto the link, rests, and holds the button for ${HOLD_MS} ms. Ready: the browser leaves within ${AT_ONCE_MS} ms of the click.`,
        "The hub is the real Worker in Wrangler's development server; each of its responses is delayed by the latency in the row. Third-party cookies are blocked.",
      ],
    };
  } finally {
    await world.close();
  }
}

function serveShops(world: World): void {
  const script = `<script src="https://hub.test/cookie-provider.min.js"></script>
    <script>
      let clicked = 0;
      addEventListener("click", () => (clicked = performance.now()), true);
      addEventListener("beforeunload", () => (sessionStorage.waited = performance.now() - clicked));
      document.cookie = "chat=bench; Path=/; Secure";
      provider = new CookieProvider("chat", "https://hub.test/t/acme/iframe.html");
      ready = provider.loadCookie();
    </script>`;
  world.sites.serve("shop-a.test", "/*", shopPage({ head: script, body: LINK }));
  world.sites.serve("shop-a.test", "/plain", shopPage());
  world.sites.serve("shop-b.test", "/*", shopPage());
}

async function leave(browser: Browser, restMs: number): Promise<Departure> {
  const page = await browser.open(`${SHOP_A}/`);
  try {
    await page.eval("ready.then(() => 0)");
    // Links carry as soon as their module is there, which the page cannot see. It makes no code.
    await poll(() => page.requests.some(({ url, status }) => url.endsWith("links.mjs") && status === 200), {
      what: "links.mjs",
    });
    await page.eval(() => new Promise((resolve) => setTimeout(resolve, 500)));
    await page.click("#over", { restMs, holdMs: HOLD_MS });
    await page.waitFor(() => location.hostname === "shop-b.test" && document.readyState === "complete");
    const hasCode = await page.eval(() => location.hash.startsWith("#carryover="));
    const codes = page.requests.filter(({ method, url }) => method === "POST" && url.endsWith("/handoff")).length;
    await page.goto(`${SHOP_A}/plain`);
    return { waitedMs: await page.eval(() => Number(sessionStorage["waited"])), hasCode, codes };
  } finally {
    await page.close();
  }
}
