import fc from "fast-check";
import {
  type Browser,
  HUB_ORIGIN,
  type Page,
  SHOP_A,
  SHOP_B,
  poll,
  shopPage,
  startWorld,
} from "../../browser/harness/index.ts";
import type { Figures } from "../figures.ts";
import { createPromises } from "../promises.ts";
import { ORACLE } from "./message-oracle.ts";
import { messages } from "./messages.ts";
import type { FuzzTime } from "./property.ts";
import { sendMessages } from "./send-messages.ts";
import { SPECIALS, asItArrives } from "./specials.ts";

const IFRAME_URL = `${HUB_ORIGIN}/t/acme/iframe.html`;
const SESSION = "the visitor's session";
const BATCH = 100;

/** What the shop keeps for the fuzz. */
declare global {
  /** The page's ends of its channels. */
  var ports: MessagePort[];
  /** The number of what the page last asked the hub. */
  var lastId: unknown;
}

const SHOP = `
  <script>
    ports = [];
    lastId = 0;
    MessageChannel = class extends MessageChannel {
      constructor() {
        super();
        const { port1 } = this;
        ports.push(port1);
        const post = port1.postMessage;
        port1.postMessage = (message) => {
          lastId = message?.id;
          post.call(port1, message);
        };
      }
    };
  </script>
  <script src="${HUB_ORIGIN}/cookie-provider.min.js"></script>
  <script>provider = new CookieProvider("chat", "${IFRAME_URL}", undefined, { card: "off" });</script>`;

/**
 * A real Chromium, where a shop with a chat and the hub's frame are sent messages of every kind: nothing throws, and the chat is where
 * it was. Over the port, where a page may well change its session, come only messages that are to be ignored.
 */
export async function fuzzBrowser({ seed, durationMs }: FuzzTime): Promise<Figures> {
  const promises = createPromises();
  const counts = {
    "messages to the page": 0,
    "messages to the hub's frames": 0,
    "messages over the port": 0,
    "normal loads afterwards": 0,
  };
  const world = await startWorld({ tenants: { acme: JSON.stringify([SHOP_A, SHOP_B]) } });
  try {
    for (const host of ["shop-a.test", "shop-b.test"])
      world.sites.serve(host, "/*", shopPage({ title: host, head: SHOP }));
    const browser = await world.launch({ policy: "allow" });
    const page = await browser.open(SHOP_A);
    await beginChat(page);
    const before = await sessionsOf(browser, page);
    let heard = page.consoleMessages.length;
    const endMs = Date.now() + durationMs;
    for (let batch = seed; Date.now() < endMs; batch++) {
      const sample = fc.sample(messages(SPECIALS), { seed: batch, numRuns: BATCH });
      // A trusted page may order, and the hub answer, what has the right shape.
      const wrongRequests = sample.filter((message) => !ORACLE.isPageRequest(asItArrives(message)));
      const wrongAnswers = sample.filter((message) => !ORACLE.isFrameMessage(asItArrives(message)));
      await page.eval(sendMessages, IFRAME_URL, sample, wrongRequests, wrongAnswers);
      counts["messages to the page"] += sample.length;
      counts["messages to the hub's frames"] += sample.length * 2;
      counts["messages over the port"] += wrongRequests.length + wrongAnswers.length;

      const after = await sessionsOf(browser, page);
      if (after !== before)
        promises.broken("messages leave the sessions alone", `${after} instead of ${before}; seed ${batch}`);
      for (const { type, text } of page.consoleMessages.slice(heard)) {
        if (type === "exception") promises.broken("no message makes a script throw", `${text}; seed ${batch}`);
      }
      heard = page.consoleMessages.length;
    }
    for (const [where, visited] of [
      ["in the same tab", page],
      ["on the other shop", await browser.open(SHOP_B)],
    ] as const) {
      const loaded = await visited.eval(() => provider.loadCookie());
      if (loaded === SESSION) counts["normal loads afterwards"]++;
      else promises.broken("a normal load afterwards works", `${where}: ${loaded}`);
    }
  } finally {
    await world.close();
  }
  return { counts, notes: [], broken: promises.drain() };
}

async function beginChat(page: Page): Promise<void> {
  await page.eval((session) => void (document.cookie = `chat=${session}; Path=/; Secure`), SESSION);
  await page.eval(() => provider.loadCookie());
  await poll(() => page.eval(() => provider.saveCookie()), { what: "the session to be saved" });
}

/** Every cookie that has to do with the chat, the page's and the hub's. */
async function sessionsOf(browser: Browser, page: Page): Promise<string> {
  // But for the probe, which is the hub's own, and gone after five seconds.
  const kept = (await browser.cookies()).filter(({ name }) => !name.endsWith("."));
  const cookies = kept.map(({ name, value, domain }) => `${domain} ${name}=${value}`).toSorted();
  return [await page.eval(() => document.cookie), ...cookies].join("; ");
}
