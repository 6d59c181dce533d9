import type { BiDi } from "./bidi.ts";
import type { NetworkEvent } from "./bidi-events.ts";
import type { PageRequest } from "./browser.ts";

/** Tells of every request once, at its start, and keeps what it has told up to date. */
export function listenToRequests(bidi: BiDi, hear: (contextId: string, request: PageRequest) => void): void {
  const byId = new Map<string, PageRequest>();
  // A redirect goes on with the request's id.
  const key = ({ request, redirectCount }: NetworkEvent): string => `${request.request} ${redirectCount}`;

  bidi.on("network.beforeRequestSent", (event) => {
    if (event.context === null) return;
    const { url, method, destination, initiatorType } = event.request;
    const entry: PageRequest = { url, method, type: typeOf(destination, initiatorType), fromCache: false };
    byId.set(key(event), entry);
    hear(event.context, entry);
  });
  for (const name of ["network.responseStarted", "network.responseCompleted"] as const) {
    bidi.on(name, (event) => {
      const entry = byId.get(key(event));
      if (entry === undefined || event.response === undefined) return;
      entry.status = event.response.status;
      entry.fromCache = event.response.fromCache;
    });
  }
  bidi.on("network.fetchError", (event) => {
    const entry = byId.get(key(event));
    if (entry !== undefined) entry.failure = event.errorText ?? "unknown";
  });
}

/** Chromium's names, from those of the Fetch and Resource Timing standards. */
function typeOf(destination = "", initiatorType: string | null = null): string {
  switch (destination) {
    case "":
      return initiatorType === "xmlhttprequest" ? "XHR" : "Fetch";
    case "document":
    case "iframe":
    case "frame":
      return "Document";
    case "style":
      return "Stylesheet";
    default:
      return destination.slice(0, 1).toUpperCase() + destination.slice(1);
  }
}
