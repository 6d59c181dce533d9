/**
 * What the hub's iframe and the continue page that it opened as a popup say to each other, by `postMessage` to the hub's exact
 * origin. Both are pages of the hub, and each checks that the other's window is the one that it expects.
 *
 *   popup  → iframe  `ready`
 *   iframe → popup   `task`: whose session it is about, and the session that waits to be saved, if any
 *   popup  → iframe  `done`, after the visitor's click: what the hub's first-party cookie says now
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue } from "./hub-cookie.ts";
import { fieldsOf } from "./messages.ts";

export type PopupReady = { readonly type: "carryover:popup-ready" };

export type PopupTask = {
  readonly type: "carryover:popup-task";
  /** Name of the page's session cookie. */
  readonly name: string;
  /** A live session of the page that the hub has not seen, for the popup to save; `null`: the popup is to fetch one. */
  readonly session: string | null;
};

export type PopupDone = {
  readonly type: "carryover:popup-done";
  /** The hub cookie's value, as protocol/hub-cookie.ts encodes it; `null` with none. */
  readonly hubCookie: string | null;
};

export function isPopupReady(data: unknown): data is PopupReady {
  return fieldsOf(data)["type"] === "carryover:popup-ready";
}

export function isPopupTask(data: unknown): data is PopupTask {
  const { type, name, session } = fieldsOf(data);
  return type === "carryover:popup-task" && isCookieName(name) && (session === null || isSessionValue(session));
}

export function isPopupDone(data: unknown): data is PopupDone {
  const { type, hubCookie } = fieldsOf(data);
  return type === "carryover:popup-done" && (hubCookie === null || typeof hubCookie === "string");
}
