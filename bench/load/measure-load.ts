import {
  type Answer,
  type Handler,
  SHOP_A,
  certificate,
  startProxy,
  startSites,
} from "../../test/browser/harness/index.ts";
import { startBenchHub } from "../hub.ts";
import { NONE, formatRatio, formatSpread } from "../report/format.ts";
import { type Section, type Table, verdict } from "../report/section.ts";
import { ratio, rotate, spread } from "../statistics.ts";
import { type Contender, makeContenders } from "./contenders.ts";
import { makeShopPage } from "./shop-page.ts";
import { type VisitorBrowser, launchVisitors } from "./visitor.ts";

const HUB_HOST = "hub.test";
const VIEWS = ["first", "next"] as const;

/** What the hub's answers take longer than on loopback. */
const LATENCIES_MS = [0, 40] as const;

/** Goals of ours, by what it is compared with: on the first view 0 and 40 ms away, and on the next view. */
const GOALS: Readonly<
  Record<
    string,
    readonly { readonly than: string; readonly first: readonly [number, number]; readonly next?: number }[]
  >
> = {
  Carryover: [
    { than: "by hand, unsafe", first: [0.6, 0.85], next: 1 },
    { than: "by hand, one fetch", first: [1.15, 1.15] },
  ],
  "Carryover, with the preload line": [
    { than: "by hand, unsafe", first: [0.55, 0.6] },
    { than: "by hand, one fetch, with the preload line", first: [1.15, 1.15] },
  ],
};

/** Requests that the hub has had before the session is there. */
const MOST_REQUESTS = { first: 2, next: 0 } as const;

type View = (typeof VIEWS)[number];
type Sample = { readonly timesMs: number[]; readonly requests: Set<number> };
type Samples = Readonly<Record<View, Sample>>;

/** From the navigation to the session in hand, ours and others' side by side. */
export async function measureLoad({ rounds }: { rounds: number }): Promise<Section> {
  const tls = await certificate();
  const undo: (() => Promise<void>)[] = [];
  try {
    const started = await startBenchHub();
    undo.push(() => started.hub.stop());
    const sites = await startSites(tls);
    undo.push(() => sites.close());
    const proxy = await startProxy(sites);
    undo.push(() => proxy.close());
    const browser = await launchVisitors({ proxyPort: proxy.port, publicKeyHash: tls.publicKeyHash });
    undo.push(() => browser.close());

    const requestedAtMs: number[] = [];
    const timed =
      (answer: Answer | Handler): Handler =>
      (request) => {
        requestedAtMs.push(Date.now());
        return typeof answer === "function" ? answer(request) : answer;
      };
    const contenders = await makeContenders(started);
    for (const [index, contender] of contenders.entries()) {
      sites.serve("shop-a.test", `/${index}`, makeShopPage(contender));
      for (const [path, answer] of Object.entries(contender.files)) sites.serve(HUB_HOST, path, timed(answer));
    }
    const tables: Table[] = [];
    for (const [place, delayMs] of LATENCIES_MS.entries()) {
      proxy.route(HUB_HOST, { to: "port", port: sites.port, delayMs });
      const samples = contenders.map((): Samples => ({
        first: { timesMs: [], requests: new Set() },
        next: { timesMs: [], requests: new Set() },
      }));
      // The first round fills the browser's code caches and our recordings, and does not count.
      for (let round = -1; round < rounds; round += 1) {
        for (const index of rotate([...contenders.keys()], round + 1)) {
          const views = await visitTwice(browser, requestedAtMs, `${SHOP_A}/${index}`);
          if (round >= 0) keep(samples[index], views);
        }
      }
      tables.push(timesOf(contenders, samples, delayMs), goalsOf(contenders, samples, place));
    }
    return {
      title: "Time to the session, in Chromium",
      tables,
      notes: [
        `Median (quartiles) of ${rounds} rounds for each latency, all ${contenders.length} in each, every round beginning with another. A ratio is that of the medians; its quartiles are those of the rounds.`,
        "From `performance.timeOrigin` to the session in the page's cookie, checked in every run. First view: empty cache, no connection. Next view: the same tab, reached by its address, at once. Third-party cookies are allowed.",
        "All are served by one https server that holds their bytes and headers in memory; ours are recorded from the real Worker. See bench/README.md.",
      ],
    };
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

type Views = Readonly<Record<View, { readonly timeMs: number; readonly requests: number }>>;

async function visitTwice(browser: VisitorBrowser, requestedAtMs: number[], url: string): Promise<Views> {
  const visitor = await browser.newVisitor();
  try {
    const visit = async () => {
      requestedAtMs.length = 0;
      const { timeMs, arrivedAtMs } = await visitor.visit(url);
      return { timeMs, requests: requestedAtMs.filter((atMs) => atMs <= arrivedAtMs).length };
    };
    return { first: await visit(), next: await visit() };
  } finally {
    await visitor.leave();
  }
}

function keep(samples: Samples | undefined, views: Views): void {
  for (const view of VIEWS) {
    samples?.[view].timesMs.push(views[view].timeMs);
    samples?.[view].requests.add(views[view].requests);
  }
}

function timesOf(contenders: readonly Contender[], samples: readonly Samples[], delayMs: number): Table {
  const base = samples[contenders.findIndex(({ name }) => name === "by hand, unsafe")];
  const rows = VIEWS.flatMap((view) =>
    contenders.map(({ name }, index) => {
      const { timesMs = [], requests = new Set<number>() } = samples[index]?.[view] ?? {};
      const compared = ratio(timesMs, base?.[view].timesMs ?? []);
      // The line asks on every view.
      const isBound = view === "first" ? Object.hasOwn(GOALS, name) : name === "Carryover";
      return [
        `${view} view: ${name}`,
        formatSpread(spread(timesMs), 1),
        name === "by hand, unsafe" ? NONE : formatRatio(compared),
        [...requests].join(" or "),
        isBound ? verdict(Math.max(...requests), { atMost: MOST_REQUESTS[view] }, 0) : NONE,
      ];
    }),
  );
  return {
    columns: [`hub ${delayMs} ms away`, "ms", "× by hand, unsafe", "requests to the hub before", "goal"],
    rows,
  };
}

function goalsOf(contenders: readonly Contender[], samples: readonly Samples[], place: number): Table {
  const sampleOf = (name: string, view: View) =>
    samples[contenders.findIndex((contender) => contender.name === name)]?.[view].timesMs ?? [];
  const rows = Object.entries(GOALS).flatMap(([name, goals]) =>
    goals.flatMap(({ than, first, next }) =>
      VIEWS.flatMap((view) => {
        const atMost = view === "first" ? first[place] : next;
        if (atMost === undefined) return [];
        const compared = ratio(sampleOf(name, view), sampleOf(than, view));
        return [[`${view} view: ${name} ÷ ${than}`, formatRatio(compared), verdict(compared.ofMedians, { atMost })]];
      }),
    ),
  );
  return { columns: [`hub ${LATENCIES_MS[place]} ms away`, "ratio", "goal"], rows };
}
