import type { PageState } from "../../protocol/messages.ts";
import { sessionPath } from "../../protocol/routes.ts";
import { isPage, ofDocument } from "../page-document.ts";
import type { Arrival } from "./arrival.ts";
import type { HubUrl } from "./parse-url.ts";

/** In `sessionStorage`: this tab has shown a page of this origin. */
const KEY = "carryover:here";

const IFRAME_PAGE = /^(\/t\/[^/]+\/)iframe.html$/;

/** Whether the browser tells the hub whose cookies it sends (`Sec-Fetch-Storage-Access`): Chromium and its kin do. */
export const TELLS_ACCESS = isPage && "userAgentData" in navigator;

/** What the hub is asked with. */
export type EarlyState = PageState & Partial<Arrival>;

/** What the hub has said to the page's own request, and what the page had when it asked. */
export type Early = readonly [
  asked: EarlyState,
  /** Not looked at yet; `undefined` if the hub could not be asked. */
  said?: unknown,
];

/** Whether this page view was entered from elsewhere: another site, or an address. Known once there is a provider. */
let isEntered: boolean | undefined;

/**
 * Whether the page may ask for its session itself, before there is a frame. Only where the hub can tell whose cookies come along; of a
 * hub, not of a page in static mode; and only on a view that was entered from elsewhere: within a site there is either a chat already,
 * or most likely none, and the browser has the frame's page.
 */
export function canAskEarly({ origin, pathname }: HubUrl): boolean {
  // Of cookies of the page's own site browsers say nothing.
  return TELLS_ACCESS && IFRAME_PAGE.test(pathname) && !isOfThisSite(origin) && (isEntered ??= findEntered());
}

function findEntered(): boolean {
  const referrer = ofDocument("referrer");
  let wasHere = false;
  try {
    wasHere = !!sessionStorage.getItem(KEY);
    sessionStorage.setItem(KEY, "1");
  } catch {
    // A page without storage.
  }
  // Within some sites links send no referrer.
  return referrer ? !isOfThisSite(referrer) : !wasHere;
}

/** Close enough: sites under one public suffix are only taken for one, and are asked by the frame. */
function isOfThisSite(url: string): boolean {
  const [, , host = ""] = url.split("/");
  const [one, other] = [host, location.host].map((name) => name.split(".").slice(-2).join());
  return one === other;
}

/** @param signal stops it: from then on the hub's cookies are the frame's to write */
export async function askEarly(
  { origin, pathname }: HubUrl,
  name: string,
  state: EarlyState,
  signal: AbortSignal,
): Promise<Early> {
  try {
    const response = await fetch(origin + pathname.replace(IFRAME_PAGE, "$1") + sessionPath(name), {
      credentials: "include",
      signal,
      // A page's own markup may have asked for a `GET` in advance.
      ...((state.session || state.base || state.codes) && { method: "POST", body: JSON.stringify(state) }),
    });
    return [state, await response.json()];
  } catch {
    // The page's policy, the network, or a hub that is not well: the frame will tell.
  }
  return [state];
}
