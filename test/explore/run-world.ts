/** Runs one world, in one order of events, from the first page view to the last timer. */
import { createCalls } from "./check/calls.ts";
import { createOracle, localSession } from "./check/oracle.ts";
import { TOMBSTONE } from "./check/hub-history.ts";
import type { Violation } from "./check/violation.ts";
import type { StartHub } from "./hub/hub.ts";
import { type Followed, act } from "./visitor/actions.ts";
import { createPages } from "./visitor/pages.ts";
import { COOKIE_NAME, HOSTS, STRANGER, type Spec, TENANT, tenantDocuments } from "./visitor/spec.ts";
import { enterWorld } from "./world/ambient.ts";
import { createBrowser } from "./world/browser.ts";
import type { BrowsingContext } from "./world/browsing-context.ts";
import { type Cookie, createCookieJar } from "./world/cookie-jar.ts";
import { createCookieChanges } from "./world/cookie-changes.ts";
import { ENGINES, givesAccess } from "./world/engines.ts";
import { hasUnpartitionedCookies } from "./world/storage-access.ts";
import { createRandom } from "./world/random.ts";
import { type Choose, createScheduler } from "./world/scheduler.ts";
import type { PageScripts } from "./world/scripts.ts";
import { HUB_ORIGIN, siteOf } from "./world/sites.ts";
import { createWebStorages } from "./world/web-storage.ts";

/** What is explored, compiled. */
export type Subject = { readonly startHub: StartHub; readonly scripts: PageScripts };

export type Outcome = {
  readonly violation: Violation | undefined;
  readonly steps: number;
  /** What is left at the end: the hub's cookie, and each page's. */
  readonly endState: string;
};

/** What may keep a page from hearing of a change. */
const MISHAP = /down|wipe|write|replace/;

const MAX_STEPS = 3000;

/** As docs/api.md and the hub's operators know it. */
const HUB_COOKIE = `__Host-${TENANT}.${COOKIE_NAME}`;

/** Each run is so much later than the one before that the Worker's memory of tenants is too old to matter. */
const BETWEEN_RUNS_MS = 2 * 3_600_000;
let startMs = Date.UTC(2026, 0, 1);

/** @param note is given the lines of the trace; without it none are made */
export async function runWorld(
  subject: Subject,
  spec: Spec,
  choose: Choose,
  note?: (line: string) => void,
): Promise<Outcome> {
  startMs += BETWEEN_RUNS_MS;
  const outages = { kv: false, handoffs: false };
  const random = createRandom(1);
  const say = note ? (text: string) => note(`      ${text}`) : () => {};
  const oracle = createOracle(() => scheduler.step(), say);
  const engine = ENGINES[spec.engine];

  /** At the end everything is calm: what the sites agree on must not depend on it. */
  let isOver = false;

  const scheduler = createScheduler({
    startMs,
    choose: (candidates, step) => (isOver ? 0 : choose(candidates, step)),
    maxSteps: MAX_STEPS,
    beforeStep: (label) => note?.(`${String(scheduler.step()).padStart(4)}. ${label()}`),
    afterStep() {
      cookieChanges.announce(browser);
      oracle.checkPages();
      calls.check();
    },
    onEndless: () => oracle.fail("I8", `after ${MAX_STEPS} steps there is still more to do`),
    isStopped: () => oracle.violation() !== undefined,
  });
  const cookieChanges = createCookieChanges();
  const jar = createCookieJar(scheduler.now, onCookieChange);
  const pages = createPages(
    spec,
    oracle,
    () => browser,
    () => calls,
  );
  const browser = createBrowser({
    engine,
    scheduler,
    jar,
    storages: createWebStorages(spec.hasBrokenStorage === true),
    hub: subject.startHub({ tenants: tenantDocuments(spec), outages }),
    scripts: subject.scripts,
    observer: oracle.observer,
    scriptOrigin: spec.hasOwnScript ? undefined : HUB_ORIGIN,
    faults: spec.faults,
    ignoresFrameAncestors: spec.ignoresFrameAncestors === true,
    runPage: pages.run,
  });
  const calls = createCalls(spec, browser, oracle, pages, say);
  const followed: Followed[] = [];
  const stage = { browser, oracle, calls, pages, outages, scopes: spec.scopes ?? {}, followed };
  oracle.watch(browser);

  function onCookieChange(cookie: Cookie, before: string | undefined, after: string | undefined): void {
    if (cookie.name === HUB_COOKIE && cookie.partition === "") oracle.hub.record(after ?? "", scheduler.step());
    cookieChanges.add({ cookie, before, after });
  }

  const { leave } = enterWorld({
    now: scheduler.now,
    random: random.next,
    reportError: (error) => oracle.fail("I6", error instanceof Error ? `${error.stack}` : String(error)),
  });
  try {
    const tabs = spec.tabs.map((actions, index) => {
      const tab = browser.openTab(`tab ${index + 1}`);
      scheduleActions(tab, actions);
      return tab;
    });
    await scheduler.runToRest();
    if (!oracle.violation()) compareOpenPages(tabs);
    if (!oracle.violation()) compareArrival(tabs);
    if (!oracle.violation()) await compareSites(tabs);
  } finally {
    leave();
  }
  return { violation: oracle.violation(), steps: scheduler.step(), endState: describeEnd() };

  function scheduleActions(tab: BrowsingContext, [action, ...rest]: readonly string[]): void {
    if (action === undefined) return;
    const [verb, seconds] = action.split(" ");
    scheduler.add({
      ...(verb === "wait" ? { kind: "timer", dueMs: scheduler.now() + Number(seconds) * 1000 } : { kind: "action" }),
      channel: `visitor ${tab.id}`,
      label: () => `${tab.label}: ${action}`,
      isAlive: () => !tab.isClosed,
      run() {
        if (verb !== "wait") act(stage, tab, action);
        scheduleActions(tab, rest);
      },
    });
  }

  /** I5b: where nothing fails, and the browser reports what other sites change, pages that are open follow. */
  function compareOpenPages(tabs: readonly BrowsingContext[]): void {
    if (
      spec.faults > 0 ||
      scheduler.wasSlow() ||
      // A cookie that is late cannot be told from one that is blocked.
      (engine.writesLate && scheduler.wasLate()) ||
      calls.wasCutOff() ||
      // Without it, only what the page itself does is told.
      (!engine.hasCookieStore && spec.tabs.length > 1) ||
      spec.tabs.flat().some((action) => MISHAP.test(action))
    )
      return;
    for (const { document } of tabs) {
      const frame = document && [...document.frames][0]?.document;
      if (!document || !frame || document.url.hostname === STRANGER || !hasUnpartitionedCookies(browser, frame))
        continue;
      const session = localSession(browser, document);
      if (session !== heldSession())
        oracle.fail(
          "I5b",
          `${document.url.hostname}, which is open, shows ${session || "no session"}, the hub ${oracle.hub.current() || "nothing"}`,
        );
    }
  }

  /** I7f: what one link has brought to a site where nobody has been yet, if the page was at most loaded again. */
  function compareArrival([tab, another]: readonly BrowsingContext[]): void {
    const [link, more] = followed;
    const actions = spec.tabs[0] ?? [];
    const at = actions.findIndex((action) => action.startsWith("follow "));
    if (!tab?.document || another || !link || more || link.session === "" || oracle.chats.isEnded(link.session)) return;
    if (spec.faults > 0 || spec.hasBrokenStorage || scheduler.wasSlow()) return;
    if (actions.some((action) => MISHAP.test(action) || action.startsWith("wait"))) return;
    if (actions.slice(0, at).some((action) => siteOf(action.split(" ").at(-1) ?? "") === siteOf(link.host))) return;
    if (actions.slice(at + 1).some((action) => action !== "reload")) return;
    const shown = localSession(browser, tab.document);
    if (shown !== link.session)
      oracle.fail("I7f", `${link.host} shows ${shown || "no session"}, the link brought ${link.session}`);
  }

  /** I5a: everything works again, each site is visited once more, and then all of them show what the hub holds. */
  async function compareSites(tabs: readonly BrowsingContext[]): Promise<void> {
    isOver = true;
    Object.assign(outages, { kv: false, handoffs: false });
    browser.network.faultsLeft = 0;
    for (const tab of tabs) if (!tab.isClosed) browser.close(tab);
    if (!givesAccess(engine)) return;
    const visited = HOSTS.filter((host) => spec.tabs.flat().some((action) => action.endsWith(` ${host}`)));
    const shown = new Map<string, string>();
    for (const host of visited) shown.set(host, await visit(host));
    // What a later site has brought to the hub reaches the earlier ones now.
    for (const host of visited) if (shown.get(host) !== heldSession()) shown.set(host, await visit(host));
    if (oracle.violation()) return;
    const held = oracle.hub.current() || "nothing";
    for (const [host, session] of shown) {
      if (session !== heldSession()) oracle.fail("I5a", `${host} shows ${session || "no session"}, the hub ${held}`);
    }
  }

  function heldSession(): string {
    const held = oracle.hub.current();
    return held === TOMBSTONE ? "" : held;
  }

  async function visit(host: string): Promise<string> {
    const tab = browser.openTab("a last visit");
    act(stage, tab, `open ${host}`);
    await scheduler.runToRest();
    const session = tab.document ? localSession(browser, tab.document) : "";
    browser.close(tab);
    return session;
  }

  function describeEnd(): string {
    const shown = [...HOSTS, STRANGER].map((host) => {
      const cookies = jar.read({ host, path: "/shop/page", partition: "", isCrossSite: false });
      return cookies.filter(({ name }) => name === COOKIE_NAME).map(({ value }) => value);
    });
    return JSON.stringify([oracle.hub.current(), shown]);
  }
}
