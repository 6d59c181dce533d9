/**
 * `Sec-Fetch-Storage-Access`: what a request says of the cookies that it carries.
 *
 * @see https://privacycg.github.io/storage-access-headers/
 */
import type { Engine } from "./engines.ts";

/** @param hasAccess whether the document that asks has storage access */
export function storageAccessHeader(
  engine: Engine,
  kind: "frame" | "request",
  hasAccess: boolean,
): Record<string, string> {
  if (!engine.hasHeaders) return {};
  const isActive = hasAccess || engine.thirdPartyCookies === "allowed";
  const canActivate = engine.isGranted && (kind === "frame" || engine.retriesRequests);
  return { "Sec-Fetch-Storage-Access": isActive ? "active" : canActivate ? "inactive" : "none" };
}
