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
import { type Section, verdict } from "../report/section.ts";
import { ratio, rotate, spread } from "../statistics.ts";
import { type Contender, makeContenders } from "./contenders.ts";
import { makeShopPage } from "./shop-page.ts";
import { type VisitorBrowser, launchVisitors } from "./visitor.ts";

const HUB_HOST = "hub.test";
const VIEWS = ["first", "next"] as const;

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
    return report(contenders, samples, rounds);
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

function report(contenders: readonly Contender[], samples: readonly Samples[], rounds: number): Section {
  const base = samples[1];
  const rows = VIEWS.flatMap((view) =>
    contenders.map(({ name }, index) => {
      const { timesMs = [], requests = new Set<number>() } = samples[index]?.[view] ?? {};
      const compared = ratio(timesMs, base?.[view].timesMs ?? []);
      const isGoal = index === 0;
      return [
        `${view} view: ${name}`,
        formatSpread(spread(timesMs), 1),
        index === 1 ? NONE : formatRatio(compared),
        isGoal && view === "first" ? verdict(compared.ofMedians, { atMost: 1.1 }) : NONE,
        [...requests].join(" or "),
        isGoal ? verdict(Math.max(...requests), { atMost: view === "first" ? 2 : 0 }, 0) : NONE,
      ];
    }),
  );
  return {
    title: "Time to the session, in Chromium",
    tables: [{ columns: ["", "ms", "× by hand", "goal", "requests to the hub before", "goal"], rows }],
    notes: [
      `Median (quartiles) of ${rounds} rounds, all four in each, every round beginning with another. The ratio is that of the medians; its quartiles are those of the rounds.`,
      "From `performance.timeOrigin` to the session in the page's cookie, checked in every run. First view: empty cache, no connection. Next view: the same tab, at once. Third-party cookies are allowed.",
      "All are served by one https server that holds their bytes and headers in memory; ours are recorded from the real Worker. See bench/README.md.",
    ],
  };
}
