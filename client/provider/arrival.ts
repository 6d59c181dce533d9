import { takeCodes } from "../../protocol/fragment.ts";
import { ARRIVAL_PATH } from "../../protocol/routes.ts";

/**
 * What the page's address came with: handoff codes, joined by dots. They are taken off, and redeemed, as this script runs. Scripts
 * after it, such as analytics, see the address as the link's author wrote it; where the browser keeps it as it was (performance
 * entries, the navigation, a service worker), the codes are worthless.
 */
export const arrivedCodes = takeFromAddress();

/** This script, if it is a classic one. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an SVG script just lacks what is asked for
export const script = document.currentScript as HTMLScriptElement | null;

const hub = originOf(script?.src ?? import.meta.url);

/** The sessions that they stood for (`Arrived[]`). Anything else where the hub could not be asked, and its iframe has to. */
export const arrivedSessions = redeem(arrivedCodes);

// A link into a window that shows this page already. Nobody can tell who has sent the visitor there, so nothing comes of it.
for (const type of ["popstate", "hashchange"] as const) addEventListener(type, onNavigation, true);

function onNavigation(event: Event & { readonly newURL?: string }): void {
  void redeem(takeFromAddress());
  if (event.newURL?.includes("#carryover")) Object.defineProperty(event, "newURL", { value: location.href });
}

function takeFromAddress(): string {
  const [codes, hash] = takeCodes(location.hash);
  if (hash !== location.hash) {
    history.replaceState(history.state, "", location.href.split("#")[0] + hash);
    // A fragment that history has put there is none that `:target` and the browser's scrolling know of.
    if (hash) location.replace(location.href);
  }
  return codes;
}

/** Of an http(s) URL; `""` with none. */
function originOf(url: string): string {
  return url.split("/", 3).join("/");
}

function redeem(codes: string): Promise<unknown> | undefined {
  // A copy of this script on the page's own server has no hub there.
  if (!codes || !hub || hub === location.origin) return undefined;
  const body = JSON.stringify({ codes, referrer: originOf(document.referrer) });
  return (
    fetch(hub + ARRIVAL_PATH, { method: "POST", body })
      .then((response): Promise<unknown> => response.json())
      // The page's policy, or the network.
      .catch(() => {})
  );
}
