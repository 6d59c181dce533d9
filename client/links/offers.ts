import { HANDOFF_LIFE_SECONDS, LINK_PATIENCE_MS } from "../../protocol/limits.ts";

/** What a provider has to send. */
export type Carrier = {
  /** The hub's iframe and the session cookie: of several providers for these the newest counts. */
  readonly of: string;
  /** Origins that its session may go to, as `FrameMessage` has them. */
  readonly links: () => string;
  /** `""` with none. */
  readonly session: () => string;
  /** Asks the hub for a code for the session on its way to an origin. */
  readonly ask: (order: { readonly type: "mint"; readonly to: string }) => Promise<{ readonly code?: string } | void>;
};

/** Codes for one destination. */
export type Offer = {
  readonly origin: string;
  /** Joined by dots, as far as they are there; `""` where there is no session to send. */
  readonly codes: () => string;
  /** Whether there are no more to wait for. */
  readonly isComplete: () => boolean;
};

type Kept = Offer & {
  /** Whose codes they are. */
  readonly sessions: string;
  readonly madeAt: number;
};

/** How long codes are kept for the click that is expected: half of their life, so that the next page has time to load. */
const OFFER_LIFE_MS = (HANDOFF_LIFE_SECONDS * 1000) / 2;

// Arrays, where a Map or a Set would do: pages have globals of these names.
let carriers: readonly Carrier[] = [];
let kept: readonly Kept[] = [];

export function addCarrier(carrier: Carrier): void {
  carriers = [...carriers, carrier];
}

/** @returns whether there is anything left to carry */
export function removeCarrier(carrier: Carrier): boolean {
  carriers = carriers.filter((one) => one !== carrier);
  return carriers.length > 0;
}

/** Has codes made for a destination, unless there are some that are good still. `undefined` where no session may go. */
export function prepareOffer(origin: string): Offer | undefined {
  const going = origin === location.origin ? [] : newest().filter(({ links }) => isAmong(links(), origin));
  if (!going.length) return undefined;
  const sending = going.filter(({ session }) => session());
  const sessions = sending.map(({ session }) => session()).join(";");
  const now = Date.now();
  kept = kept.filter((one) => now - one.madeAt < OFFER_LIFE_MS && (one.codes() || !one.isComplete()));
  const found = kept.find((one) => one.origin === origin && one.sessions === sessions);
  if (found) return found;
  const offer = { origin, sessions, madeAt: now, ...mintAll(sending, origin, now) };
  kept = [...kept.filter((one) => one.origin !== origin), offer];
  return offer;
}

/** Codes are good once. */
export function useUp(offer: Offer): void {
  kept = kept.filter((one) => one !== offer);
}

function newest(): readonly Carrier[] {
  return carriers.filter(({ of }, index) => !carriers.slice(index + 1).some((later) => later.of === of));
}

function mintAll(sending: readonly Carrier[], origin: string, now: number): Pick<Offer, "codes" | "isComplete"> {
  const codes: string[] = [];
  let missing = sending.length;
  const add = async (carrier: Carrier) => {
    try {
      const code = await mint(carrier, origin);
      if (code) codes.push(code);
    } finally {
      missing--;
    }
  };
  for (const carrier of sending) add(carrier).catch(() => {});
  return {
    codes: () => codes.join("."),
    // A provider whose frame is gone never answers. The others' codes do not wait for it for longer than a visitor does.
    isComplete: () => missing === 0 || (codes.length > 0 && Date.now() - now >= LINK_PATIENCE_MS),
  };
}

/** A code for the session on its way to an origin; `""` if there is none. */
async function mint(carrier: Carrier, to: string): Promise<string> {
  const session = carrier.session();
  const answer = await carrier.ask({ type: "mint", to });
  // An older session must not arrive where the hub has brought the newer one.
  return carrier.session() === session ? (answer?.code ?? "") : mint(carrier, to);
}

/** When codes are looked for while a visitor is held back. The last check coincides with the end of our patience. */
const CHECKS = 15;

/**
 * Runs something with the codes of an offer, as far as they are there when our patience ends. Timers that are set during the event:
 * to WebKit they are the visitor's doing, and may open a tab. Promises are not.
 */
export function whenReady({ codes, isComplete }: Offer, run: (codes: string) => void): void {
  let isDone = false;
  for (let check = 0; check <= CHECKS; check++) {
    setTimeout(
      () => {
        if (isDone || !(isComplete() || check === CHECKS)) return;
        isDone = true;
        run(codes());
      },
      (check * LINK_PATIENCE_MS) / CHECKS,
    );
  }
}

/** @param links origins with spaces between; a `*` in one stands for any subdomain */
function isAmong(links: string, origin: string): boolean {
  return links.split(" ").some((link) => {
    const [start = "", end] = link.split("*");
    return end === undefined ? origin === start : origin.startsWith(start) && origin.endsWith(end);
  });
}
