import type { CDPSession } from "puppeteer-core";
import type { PageRequest } from "./browser.ts";

/** Keeps `requests` up to date with what a page's sessions report. A cross-site frame's document is reported by two of them. */
export function recordRequests(requests: PageRequest[]): (session: CDPSession) => void {
  const byId = new Map<string, PageRequest>();
  return (session) => {
    session.on("Network.requestWillBeSent", ({ requestId, request, type, redirectResponse }) => {
      const redirected = byId.get(requestId);
      if (redirected !== undefined && redirectResponse === undefined) return;
      if (redirected !== undefined && redirectResponse !== undefined) redirected.status = redirectResponse.status;
      const entry: PageRequest = {
        url: request.url,
        method: request.method,
        type: type ?? "Other",
        fromCache: false,
        ...(request.postData !== undefined && { body: request.postData }),
      };
      byId.set(requestId, entry);
      requests.push(entry);
    });
    session.on("Network.requestServedFromCache", ({ requestId }) => {
      const entry = byId.get(requestId);
      if (entry !== undefined) entry.fromCache = true;
    });
    session.on("Network.responseReceived", ({ requestId, response }) => {
      const entry = byId.get(requestId);
      if (entry === undefined) return;
      entry.status = response.status;
      entry.fromCache ||= response.fromDiskCache === true || response.fromPrefetchCache === true;
    });
    session.on("Network.loadingFailed", ({ requestId, errorText, blockedReason }) => {
      const entry = byId.get(requestId);
      if (entry !== undefined) entry.failure = blockedReason ?? errorText;
    });
  };
}
