/**
 * `links.mjs`: lets links and forms carry sessions to other domains, by codes in their fragments (protocol/handoff.ts). Loaded
 * by the provider once the page has a session, so that no other page pays for it; a module, so that the page has it once however
 * many providers there are.
 *
 * The press of a pointer has codes made, so that most clicks find them ready. Otherwise, as with the keyboard, the visitor is held
 * back until they are; when they are late, the link goes without.
 *
 * A code is a secret for a minute. So the page's listeners get each event first, once, and with the address as its author wrote it.
 */
import { putCodes } from "../../protocol/fragment.ts";
import { LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import { parseUrl } from "../parse-url.ts";
import { afterListeners } from "./after-listeners.ts";
import { followInstead, isPlainClick, prepareChange, prepareForm } from "./leave.ts";
import { type WayOut, destinationOf, findWayOut } from "./way-out.ts";

/** What a provider has to send. */
export type Carrier = {
  /** Origins that its session may go to, as `FrameMessage` has them. */
  readonly links: () => string;
  /** `""` with none. */
  readonly session: () => string;
  /** Asks the hub for a code for the session on its way to an origin. */
  readonly ask: (order: { readonly type: "mint"; readonly to: string }) => Promise<{ readonly code?: string } | void>;
};

export type Carrying = {
  decorate(url: string): Promise<string>;
  stop(): void;
};

/** Codes for one destination. */
type Offer = {
  readonly origin: string;
  /** Whose codes they are. */
  readonly sessions: string;
  /** Joined by dots; `""` where there is no session to send, or none in time. */
  readonly codes: Promise<string>;
  /** The same, once they are there. */
  readonly ready: () => string | undefined;
};

/** How long codes wait for the click that the pointer has announced: well within their life of 60 s. */
const OFFER_LIFE_MS = 20_000;

/** When codes are looked for while a visitor is held back. The last check coincides with the end of our patience. */
const CHECKS_MS = Array.from({ length: 16 }, (_, index) => (index * LINK_PATIENCE_MS) / 15);

const EVENTS = ["pointerdown", "click", "auxclick", "submit"];

const carriers = new Set<Carrier>();

/** For the link that the pointer was pressed on. */
let announced: Offer | undefined;

export function carry(carrier: Carrier): Carrying {
  carriers.add(carrier);
  listen();
  return {
    decorate,
    stop() {
      carriers.delete(carrier);
      listen();
    },
  };
}

function listen(): void {
  for (const type of EVENTS) {
    if (carriers.size) addEventListener(type, onLeaving, true);
    else removeEventListener(type, onLeaving, true);
  }
}

/** The URL with codes; as it was where it leads nowhere trusted, and where there are none in time. */
async function decorate(written: string): Promise<string> {
  const url = parseUrl(written);
  const codes = url && (await offerFor(url.origin)?.codes);
  return codes ? withCodes(url, codes) : written;
}

function onLeaving(event: Event): void {
  const way = findWayOut(event);
  const url = way && destinationOf(way);
  if (!way || !url) return;
  const isReady = announced?.origin === url.origin && announced.sessions === sessions();
  const offer = event.type !== "pointerdown" && isReady ? announced : offerFor(url.origin);
  announced = undefined;
  if (!offer) return;
  if (event.type === "pointerdown") {
    announce(offer);
  } else {
    const change = prepareChange(way);
    afterListeners(event, () => leave(event, way, offer, change));
  }
}

function announce(offer: Offer): void {
  announced = offer;
  setTimeout(() => {
    if (announced === offer) announced = undefined;
  }, OFFER_LIFE_MS);
}

/** The page's listeners have had the event, and let it lead away. */
function leave(event: Event, way: WayOut, offer: Offer, change: (href: string) => void): void {
  const url = destinationOf(way);
  if (url?.origin !== offer.origin) return;
  const codes = offer.ready();
  // Also takes off codes that are not ours.
  const href = withCodes(url, codes ?? "");
  if (codes !== undefined && href === url.href) return;
  const go = isPlainClick(event)
    ? (to: string) => followInstead(way, event, to)
    : event instanceof SubmitEvent
      ? prepareForm(event)
      : undefined;
  if (go) {
    event.preventDefault();
    if (codes === undefined) whenReady(offer, (late) => go(withCodes(url, late)));
    else go(href);
  } else if (href !== url.href && way.attribute === "href") {
    // Keys and the middle button open tabs, which browsers do not do for a script: such a click cannot be held back.
    change(href);
  }
}

/** Timers that are set during the event: to WebKit they are the visitor's doing, and may open a tab. Promises are not. */
function whenReady({ ready }: Offer, go: (codes: string) => void): void {
  const timers = CHECKS_MS.map((ms) =>
    setTimeout(() => {
      const codes = ready() ?? (ms === LINK_PATIENCE_MS ? "" : undefined);
      if (codes === undefined) return;
      for (const timer of timers) clearTimeout(timer);
      go(codes);
    }, ms),
  );
}

/** Of all providers, to notice that a chat has begun or ended since codes were made. */
function sessions(): string {
  return JSON.stringify([...carriers].map(({ session }) => session()));
}

/** A code for the session on its way to an origin; `""` if there is none. */
async function mint(carrier: Carrier, to: string): Promise<string> {
  const session = carrier.session();
  const answer = await carrier.ask({ type: "mint", to });
  // An older session must not arrive where the hub has brought the newer one.
  return carrier.session() === session ? (answer?.code ?? "") : mint(carrier, to);
}

/** `undefined` where no session may go. */
function offerFor(origin: string): Offer | undefined {
  const going = [...carriers].filter((carrier) => isAmong(carrier.links(), origin));
  if (origin === location.origin || going.length === 0) return undefined;
  const minting = going.filter(({ session }) => session()).map((carrier) => mint(carrier, origin));
  let ready = minting.length === 0 ? "" : undefined;
  const late = new Promise<string>((resolve) => setTimeout(resolve, LINK_PATIENCE_MS, ""));
  const codes = Promise.race([Promise.all(minting).then((all) => all.filter(Boolean).join(".")), late]);
  void codes.then((some) => (ready = some));
  return { origin, sessions: sessions(), codes, ready: () => ready };
}

/** @param links origins with spaces between; a `*` in one stands for any subdomain */
function isAmong(links: string, origin: string): boolean {
  return links.split(" ").some((link) => {
    const [start = "", end] = link.split("*");
    return end === undefined ? origin === start : origin.startsWith(start) && origin.endsWith(end);
  });
}

/** Codes that are there already are not ours: the link's author may want a visitor in a chat of their own. */
function withCodes(url: URL, codes: string): string {
  const decorated = new URL(url);
  decorated.hash = putCodes(url.hash, codes);
  return decorated.href;
}
