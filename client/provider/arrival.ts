import type { ArrivalRequest } from "../../protocol/handoff.ts";
import { takeCodes } from "../../protocol/fragment.ts";
import { HANDOFF_LIFE_SECONDS } from "../../protocol/limits.ts";
import { ARRIVAL_PATH } from "../../protocol/routes.ts";
import { isPage, ofDocument } from "../page-document.ts";
import { activated } from "./activation.ts";
import { TELLS_ACCESS } from "./early-lane.ts";

/** What a link has brought to the page: handoff codes, and what they are redeemed with. */
export type Arrival = {
  /** Joined by dots; `""` with none. */
  readonly codes: string;
  /** The page's secret, by which the hub knows it again (protocol/handoff.ts). */
  readonly claim: string | undefined;
  /** Origin of the referrer that they came by. */
  readonly referrer: string;
  readonly atMs: number;
};

/** The page's, whatever copies of this script it has: the first takes what has arrived for all of them. */
type Shared = {
  readonly arrival: Arrival;
  /** The sessions that the codes stand for (`Arrived[]`). Anything else where the hub could not be asked, and its iframe has to. */
  sessions?: Promise<unknown>;
  /** Cookies for which the codes have been used. */
  readonly spent: { [cookieName: string]: unknown };
  /** Runs until the codes are redeemed by themselves, where a provider may have them redeemed along with its first request. */
  timer?: number;
};

/** In `sessionStorage`, until the hub has answered: the page may be left before, as by a redirect of its own. */
const KEY = "carryover:arrival";

const SHARED = Symbol.for("carryover");

/** An older arrival is not this page's. */
const LIFE_MS = HANDOFF_LIFE_SECONDS * 1000;

/** How soon a page has to make its provider, for the codes to be redeemed along with its first request. */
const PROVIDER_MS = 100;

/** How long a page may still be answered while it is being left. */
const LEAVING_MS = 1000;

/** This script, if it is a classic one. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an SVG script just lacks what is asked for
export const script = isPage ? (ofDocument("currentScript") as HTMLScriptElement | null) : null;

const hub = originOf(script?.src ?? import.meta.url);

const page: { [SHARED]?: Shared } = Object(isPage && window);

/**
 * What the page's address came with. Codes are taken off, and redeemed, as this script runs; or with a provider's first request, if that
 * comes at once. Scripts after it, such as analytics, see the address as the link's author wrote it; where the browser keeps it as it was
 * (performance entries, the navigation, a service worker), the codes are worthless.
 */
const shared = (page[SHARED] ??= share());

export const { arrival, spent } = shared;

/** With several codes the page has several providers: one request redeems all of them. */
const isOne = !arrival.codes.includes(".");

if (arrival.codes) {
  if (TELLS_ACCESS && isOne) shared.timer ??= setTimeout(redeemArrival, PROVIDER_MS);
  else void redeemArrival();
}

function share(): Shared {
  const arrival = isPage ? arrive() : { codes: "", claim: "", referrer: "", atMs: 0 };
  // A link into a window that shows this page already. Nobody can tell who has sent the visitor there, so nothing comes of it.
  if (isPage) for (const type of ["popstate", "hashchange"] as const) addEventListener(type, onNavigation, true);
  return { arrival, spent: { __proto__: null } };
}

/** Whether a provider may have the code redeemed along with its own request. From now on no timer does. */
export function takeArrival(): boolean {
  clearTimeout(shared.timer);
  return isOne && !shared.sessions;
}

/** The sessions that the codes stand for. */
export function redeemArrival(): Promise<unknown> {
  if (!shared.sessions) {
    shared.sessions = redeem(arrival);
    void shared.sessions.then((arrived) => arrived && setTimeout(forget, LEAVING_MS));
  }
  return shared.sessions;
}

function onNavigation(event: Event & { readonly newURL?: string }): void {
  // Without a referrer a code is used up for nothing.
  void redeem({ codes: takeFromAddress(), referrer: "" });
  if (event.newURL?.includes("#carryover")) Object.defineProperty(event, "newURL", { value: location.href });
}

function takeFromAddress(): string {
  const [codes, hash] = takeCodes(location.hash);
  if (hash !== location.hash) {
    attempt(() => history.replaceState(history.state, "", location.href.split("#")[0] + hash));
    attempt(() => {
      // Not with a user and password in the address, nor with some pages' wrappers. This leaves a `#`.
      if (hash !== location.hash) location.hash = hash;
      // A fragment that history has put there is none that `:target` and the browser's scrolling know of.
      else if (hash) location.replace(location.href);
    });
  }
  return codes;
}

function arrive(): Arrival {
  const codes = takeFromAddress();
  const atMs = Date.now();
  let kept: Arrival | undefined;
  attempt(() => (kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}")));
  // By its own referrer: another page of this site, which the visitor has been led through, vouches for nobody.
  if (kept && (codes ? kept.codes === codes : atMs - kept.atMs < LIFE_MS)) return kept;
  const arrival = { codes, claim: crypto.randomUUID?.(), referrer: originOf(ofDocument("referrer")), atMs };
  if (codes) {
    attempt(() => sessionStorage.setItem(KEY, JSON.stringify(arrival)));
    setTimeout(forget, LIFE_MS);
  }
  return arrival;
}

/**
 * What has arrived is decided on, for every provider of this cookie on the page. It is forgotten, but not if the page is gone before the
 * time is up: as it is left, its requests are cut off, and that looks as if the hub had refused (seen in WebKit).
 */
export function spendArrival(cookieName: string): void {
  spent[cookieName] = true;
  setTimeout(forget, LEAVING_MS);
}

function forget(): void {
  attempt(() => sessionStorage.removeItem(KEY));
}

/** Pages replace, restrict and forbid what is done here. It must not keep the script from running. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {}
}

/** Of an http(s) URL; `""` with none. */
function originOf(url: string): string {
  return url.split("/", 3).join("/");
}

async function redeem(request: ArrivalRequest): Promise<unknown> {
  // A copy of this script on the page's own server has no hub there.
  if (!request.codes || !hub || hub === location.origin) return undefined;
  try {
    // Nobody may ever come to see a page that is rendered in advance.
    await activated;
    return await (await fetch(hub + ARRIVAL_PATH, { method: "POST", body: JSON.stringify(request) })).json();
  } catch {
    return undefined; // The page's policy, or the network.
  }
}
