/**
 * `links.mjs`: lets links and forms carry sessions to other domains, by codes in their fragments (protocol/handoff.ts). Loaded
 * by the provider once the page has a session, so that no other page pays for it; a module, so that the page has it once however
 * many providers there are.
 *
 * The press of a pointer has codes made, so that most clicks find them ready. Otherwise, as with the keyboard, the event is held
 * back until they are, and then made again; when they are late it goes without.
 */
import { putCodes } from "../../protocol/fragment.ts";
import { LINK_PATIENCE_MS } from "../../protocol/limits.ts";
import type { PageState } from "../../protocol/messages.ts";
import type { HubConnection } from "../provider/hub-connection.ts";
import { parseUrl } from "../provider/parse-url.ts";

/** What a provider has to send. */
export type Carrier = {
  /** Origins that its session may go to, as `Report` has them. */
  readonly links: () => string;
  readonly pageState: () => PageState;
  readonly ask: HubConnection["ask"];
};

export type Carrying = {
  decorate(url: string): Promise<string>;
  stop(): void;
};

/** Codes, joined by dots, or on their way; `""` where there is no session to send, `undefined` where none may go. */
type Offer = Promise<string> | string | undefined;

/** What leads away. Set while an event is made again: `carryover`, for everybody who holds events back. */
type WayOut = HTMLElement & { carryover?: boolean };

/** How long codes wait for the click that the pointer has announced: well within their life of 60 s. */
const READY_MS = 20_000;

/** When codes are looked for while an event is held back. Those that are late are known to be by the last. */
const WAITS_MS = Array.from({ length: 16 }, (_, index) => (index * LINK_PATIENCE_MS) / 15);

const EVENTS = ["pointerdown", "click", "auxclick", "submit"];

const MIDDLE_BUTTON = 1;

const carriers = new Set<Carrier>();

/** Codes for the link that the pointer was pressed on. */
let ready: { readonly origin: string; offer: Offer } | undefined;

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
  const codes = url && (await collect(url.origin));
  return codes ? put(url, codes) : written;
}

function onLeaving(event: Event): void {
  const way = wayOut(event);
  const written = way?.element.getAttribute(way.attribute);
  const url = written && parseUrl(written);
  if (!way || !written || !url) return;
  const { element, attribute } = way;

  const { origin } = url;
  const announced = event.type !== "pointerdown" && ready?.origin === origin ? ready : undefined;
  const going = announced ?? { origin, offer: collect(origin) };
  ready = undefined;
  if (event.type === "pointerdown") {
    ready = going;
    void Promise.resolve(going.offer).then((codes) => (going.offer = codes));
    setTimeout(() => (ready = undefined), READY_MS);
    return;
  }

  const leave = (codes: string) => {
    element.setAttribute(attribute, put(url, codes));
    // For the page's own scripts, once the browser has gone by it.
    setTimeout(() => element.setAttribute(attribute, written));
  };
  const { offer } = going;
  if (typeof offer === "string") leave(offer);
  else if (offer && isRepeatable(event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    let ours: string | undefined;
    void offer.then((codes) => (ours = codes));
    // Timers that are set during the event: to WebKit they are the visitor's doing, and may open a tab. Promises are not.
    const timers = WAITS_MS.map((ms) =>
      setTimeout(() => {
        if (ours === undefined) return;
        for (const timer of timers) clearTimeout(timer);
        leave(ours);
        element.carryover = true;
        repeat(event, element);
        element.carryover = false;
      }, ms),
    );
  }
}

/** The link or form that an event leads away by, and where that has its address. */
function wayOut(event: Event): { readonly element: WayOut; readonly attribute: string } | undefined {
  const { target } = event;
  let element: EventTarget | null | undefined;
  let attribute = "href";
  if (event instanceof SubmitEvent) {
    const { submitter } = event;
    const isOfButton = submitter?.hasAttribute("formaction");
    element = isOfButton ? submitter : target;
    attribute = isOfButton ? "formaction" : "action";
  } else if (event instanceof MouseEvent && event.button <= MIDDLE_BUTTON) {
    // The other buttons open menus.
    element = event.composedPath().find((one) => one instanceof Element && one.matches(":is(a, area)[href]"));
  }
  if (!(element instanceof HTMLElement) || element.hasAttribute("download")) return undefined;
  const leading: WayOut = element;
  return leading.carryover ? undefined : { element: leading, attribute };
}

/** Browsers open no tab for a middle click that a script makes. */
function isRepeatable(event: Event): boolean {
  return event.type !== "auxclick";
}

/** Makes an event again, keys that were held down included. */
function repeat(event: Event, element: HTMLElement): void {
  if (event instanceof SubmitEvent && event.target instanceof HTMLFormElement) {
    event.target.requestSubmit(event.submitter);
  } else if (event instanceof MouseEvent) {
    element.dispatchEvent(new MouseEvent(event.type, event));
  }
}

function collect(origin: string): Offer {
  const going = [...carriers].filter((carrier) => isAmong(carrier.links(), origin));
  if (origin === location.origin || going.length === 0) return undefined;
  const minting = going.filter(({ pageState }) => pageState().session).map((carrier) => mint(carrier, origin));
  if (minting.length === 0) return "";
  return Promise.race([
    Promise.all(minting).then((codes) => codes.filter(Boolean).join(".")),
    new Promise<string>((resolve) => setTimeout(resolve, LINK_PATIENCE_MS, "")),
  ]);
}

async function mint({ ask, pageState }: Carrier, to: string): Promise<string> {
  return (await ask({ type: "mint", ...pageState(), to }))?.code ?? "";
}

/** @param links origins with spaces between; a `*` in one stands for any subdomain */
function isAmong(links: string, origin: string): boolean {
  return links.split(" ").some((link) => {
    const [start = "", end] = link.split("*");
    return end === undefined ? origin === start : origin.startsWith(start) && origin.endsWith(end);
  });
}

/** Codes that are there already are not ours: whoever wrote the link may want a visitor in a chat of his own. */
function put(url: URL, codes: string): string {
  url.hash = putCodes(url.hash, codes);
  return url.href;
}
