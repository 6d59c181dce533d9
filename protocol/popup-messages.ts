/**
 * What the hub's iframe and the continue page that it opened as a popup say to each other, by `postMessage` to the hub's exact
 * origin. Each checks that the other's window is the one that it expects. That is not enough: all tenants share the hub's origin,
 * and a page can send a window of another tenant to any address. So every message names the subject, and both sides refuse what
 * is not theirs.
 *
 *   popup  → iframe  `ready`
 *   iframe → popup   `task`: the session that waits to be saved, if any
 *   popup  → iframe  `done`: what the hub's first-party cookie says now
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue } from "./hub-cookie.ts";
import { fieldsOf } from "./messages.ts";

/** Whose session it is about, and in which window. */
export type PopupSubject = {
  readonly tenant: string;
  /** Name of the page's session cookie. */
  readonly name: string;
  /** The iframe has made it up for the window that it opens; the page around the iframe can neither read nor supply it. */
  readonly nonce: string;
};

export type PopupReady = PopupSubject & { readonly type: "carryover:popup-ready" };

export type PopupTask = PopupSubject & {
  readonly type: "carryover:popup-task";
  /** A live session of the page that the hub has not seen, for the popup to save; `null`: the popup is to fetch one. */
  readonly session: string | null;
  /** The base of the page's site (session/base.ts). */
  readonly base: string;
};

export type PopupDone = PopupSubject & {
  readonly type: "carryover:popup-done";
  /** The hub cookie's value, as protocol/hub-cookie.ts encodes it; `null` with none. */
  readonly hubCookie: string | null;
};

/** The fragment of a continue page that the iframe opens after the visitor's yes on the card: it needs no second one. */
export function popupFragment({ name, nonce }: Omit<PopupSubject, "tenant">): string {
  return `#popup=${nonce}&${encodeURIComponent(name)}`;
}

/** What `popupFragment` has written; `undefined` for any other fragment. */
export function readPopupFragment(hash: string): Omit<PopupSubject, "tenant"> | undefined {
  const [, nonce, encoded = ""] = /^#popup=([\w-]+)&(.+)$/.exec(hash) ?? [];
  try {
    const name = decodeURIComponent(encoded);
    return nonce !== undefined && isCookieName(name) ? { name, nonce } : undefined;
  } catch {
    return undefined;
  }
}

export function isPopupReady(data: unknown, subject: PopupSubject): data is PopupReady {
  return isAbout(data, "carryover:popup-ready", subject);
}

export function isPopupTask(data: unknown, subject: PopupSubject): data is PopupTask {
  const { session, base } = fieldsOf(data);
  const isTask = isAbout(data, "carryover:popup-task", subject) && typeof base === "string";
  return isTask && (session === null || isSessionValue(session));
}

export function isPopupDone(data: unknown, subject: PopupSubject): data is PopupDone {
  const { hubCookie } = fieldsOf(data);
  return isAbout(data, "carryover:popup-done", subject) && (hubCookie === null || typeof hubCookie === "string");
}

function isAbout(data: unknown, type: string, { tenant, name, nonce }: PopupSubject): boolean {
  const fields = fieldsOf(data);
  return fields["type"] === type && fields["tenant"] === tenant && fields["name"] === name && fields["nonce"] === nonce;
}
