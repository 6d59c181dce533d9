/**
 * `links.mjs`: lets links and forms carry sessions to other domains, by codes in their fragments (protocol/handoff.ts). Loaded
 * by the provider once the page has a session, so that no other page pays for it; a module, so that the page has it once however
 * many providers there are.
 *
 * A visitor who is about to leave has codes made, so that most clicks find them ready. Otherwise the visitor is held back until
 * they are; when they are late, the link goes without. Whatever fails here, the browser goes where the link leads.
 *
 * A code is a secret for a minute. So the page's listeners get each event first, once, and with the address as its author wrote it.
 */
import { putCodes } from "../../protocol/fragment.ts";
import { afterListeners } from "./after-listeners.ts";
import { forEachWindow, onFrameLoad } from "./frames.ts";
import { follow, isPlainClick, mannerOf, prepareChange, prepareForm, tellingOrigin } from "./leave.ts";
import { isDeparture, isScripted, letPass, passes } from "./navigations.ts";
import { type Carrier, type Offer, addCarrier, prepareOffer, removeCarrier, useUp, whenReady } from "./offers.ts";
import { type Destination, type WayOut, destinationOf, findIntent, findWayOut, readAddress } from "./way-out.ts";

export type Carrying = {
  decorate(url: string): Promise<string>;
  stop(): void;
};

/** How long the pointer, or the focus, rests on what a visitor means to follow. One that is passing by is gone sooner. */
const INTENT_MS = 65;

/** What shows that a visitor is about to leave, and that it was not meant. */
const INTENT = ["pointerdown", "pointerover", "focusin"];
const NO_INTENT = ["pointerout", "focusout"];

const LEAVING = ["click", "auxclick", "submit"];

/** A script that is on its way out, and held back. */
let heldBack: object | undefined;

let resting: number | undefined;

export function carry(carrier: Carrier): Carrying {
  addCarrier(carrier);
  listen(true);
  return {
    decorate,
    stop() {
      listen(removeCarrier(carrier));
    },
  };
}

function listen(isOn: boolean): void {
  const change = isOn ? "addEventListener" : "removeEventListener";
  forEachWindow((view) => {
    for (const type of INTENT) view[change](type, onIntent, true);
    for (const type of NO_INTENT) view[change](type, onNoIntent, true);
    for (const type of LEAVING) view[change](type, onLeaving, true);
    onFrameLoad(change, view, listenAgain);
  });
  window[change]("pagehide", goOn);
  try {
    window.navigation[change]("navigate", onNavigate);
  } catch {
    // Not in every browser. Elements and scripts of the page may have that name.
  }
}

/** The visitor goes elsewhere: what is still held back is dropped. */
function goOn(): void {
  heldBack = undefined;
}

function listenAgain(): void {
  listen(true);
}

/** The URL with codes; as it was where it leads nowhere trusted, and where there are none in time. */
async function decorate(written: string): Promise<string> {
  const to = readAddress(written);
  const offer = to && prepareOffer(to.origin);
  if (!offer) return written;
  useUp(offer);
  const codes = await new Promise<string>((resolve) => whenReady(offer, resolve));
  return codes ? withCodes(to, codes) : written;
}

function onIntent(event: Event): void {
  onNoIntent();
  const way = findIntent(event);
  if (!way) return;
  const prepare = () => {
    const to = destinationOf(way);
    if (to) prepareOffer(to.origin);
  };
  if (event.type === "pointerdown") prepare();
  else resting = setTimeout(prepare, INTENT_MS);
}

function onNoIntent(): void {
  clearTimeout(resting);
}

function onLeaving(event: Event): void {
  const way = findWayOut(event);
  const to = way && destinationOf(way);
  const isNew = to && !(SEEN in event);
  const offer = isNew && prepareOffer(to.origin);
  if (isNew && isHere(way)) afterListeners(event, () => event.defaultPrevented || goOn());
  if (!offer) return;
  Reflect.set(event, SEEN, true);
  const change = way.attribute === "href" && !isPlainClick(event) ? prepareChange(way) : undefined;
  afterListeners(event, () => leave(event, way, offer, change));
}

/** Marks an event that another copy of this module has, such as that of a frame. */
const SEEN = "carryover";

type Go = (href: string, hasCode: boolean) => void;

/** The page's listeners have had the event, and let it lead away. */
function leave(event: Event, way: WayOut, offer: Offer, change: Go | undefined): void {
  const to = destinationOf(way);
  if (to?.origin !== offer.origin) return;
  const isReady = offer.isComplete();
  const ready = isReady ? offer.codes() : "";
  // Also takes off codes that are not ours.
  const href = withCodes(to, ready);
  if (isReady && href === to.href) return;
  useUp(offer);
  if (change) {
    // Keys and the middle button open tabs, which browsers do not do for a script: such a click cannot be held back.
    if (href !== to.href) change(href, !!ready);
    return;
  }
  const go = way.form ? prepareForm(way.form, way.submitter, way.target) : goByLink(way, event);
  event.preventDefault();
  // Then the browser goes by itself.
  if (!event.defaultPrevented) return;
  const finish = (codes: string) => {
    if (!codes && isHere(way)) letPass(to.origin);
    go(withCodes(to, codes), !!codes);
  };
  if (isReady) return finish(ready);
  const mine = isHere(way) ? (heldBack = {}) : undefined;
  whenReady(offer, (codes) => (!mine || heldBack === mine) && finish(codes));
}

/** Whether it leads this very window away. */
function isHere({ target }: WayOut): boolean {
  return /^(?:_self|_top|_parent)?$/i.test(target);
}

function goByLink(way: WayOut, { detail }: UIEventInit): Go {
  const manner = mannerOf(way);
  return (href, hasCode) => follow(hasCode ? tellingOrigin(manner) : manner, href, detail);
}

/** The page's scripts lead away by themselves. */
function onNavigate(event: Event): void {
  if (!isDeparture(event)) return;
  goOn();
  const { url } = event.destination;
  const to = isScripted(event) ? readAddress(url) : undefined;
  if (!to || passes(to.origin)) return;
  const offer = prepareOffer(to.origin);
  if (!offer || (offer.isComplete() && !offer.codes())) return;
  event.preventDefault();
  if (!event.defaultPrevented) return;
  useUp(offer);
  const mine = (heldBack = {});
  whenReady(offer, (codes) => {
    // The page has gone elsewhere.
    if (heldBack !== mine) return;
    if (!codes) letPass(to.origin);
    const href = codes ? withCodes(to, codes) : url;
    if (event.navigationType === "replace") location.replace(href);
    else if (codes) follow(tellingOrigin({ target: "_self", rel: "", referrerpolicy: "" }), href);
    else location.assign(href);
  });
}

/** Codes that are there already are not ours: the link's author may want a visitor in a chat of their own. */
function withCodes({ href, secureHref }: Destination, codes: string): string {
  const [page = "", ...hash] = (codes ? secureHref : href).split("#");
  return page + putCodes(hash.length ? `#${hash.join("#")}` : "", codes);
}
