/**
 * What a page and the hub iframe say to each other.
 *
 *   iframe → page    `hello`, by `postMessage` to `"*"`: it holds no secret, and the iframe does not know its parent yet
 *   page   → iframe  `connect` with one end of a `MessageChannel`, to the hub's exact origin
 *   iframe → page    over the port: `refused`, or an answer to each request
 *   page   → iframe  over the port: `load`, `save`, `clear`, `test`
 *
 * A page may be years older than the hub (it pins a version by integrity hash), so messages are only ever added to:
 * guards check each field that is used and let unknown ones pass.
 */
import { isCookieName } from "./cookie-names.ts";
import { isSessionValue } from "./hub-cookie.ts";

/** What the iframe may do with the hub's unpartitioned cookies on this page. */
export type HubAccess = "granted" | "promptable" | "blocked";

export type Hello = { readonly type: "carryover:hello" };

export type Connect = {
  readonly type: "carryover:connect";
  /** Name of the page's session cookie. */
  readonly name: string;
};

export type PageRequest =
  | { readonly type: "load" | "clear" | "test"; readonly id: number }
  | { readonly type: "save"; readonly id: number; readonly value: string };

/** A request before it has a number. */
export type PageOrder = { readonly type: "load" | "clear" | "test" } | { readonly type: "save"; readonly value: string };

type Standing = {
  /** The number of the request that this answers. */
  readonly id: number;
  readonly access: HubAccess;
  /** Why access stands as it does: a sentence for the integrator. */
  readonly reason: string;
};

/** Answers `load`. */
export type Loaded = Standing & {
  readonly type: "loaded";
  /** The hub's session; `null` with none, or without access. */
  readonly value: string | null;
  /** When the chat was ended by `clearCookie`, in seconds since 1970; `null` if it was not. */
  readonly endedAt: number | null;
};

/** Answers `save`, `clear` and `test`. */
export type Done = Standing & {
  readonly type: "done";
  /** Saved: the hub holds the value. Cleared: it holds the tombstone. Tested: there is access. */
  readonly ok: boolean;
};

/** Answers `connect` from an origin that is not trusted. */
export type Refused = { readonly type: "refused"; readonly reason: string };

export type HubMessage = Loaded | Done | Refused;

export function isHello(data: unknown): data is Hello {
  return isRecord(data) && data["type"] === "carryover:hello";
}

export function isConnect(data: unknown): data is Connect {
  return isRecord(data) && data["type"] === "carryover:connect" && isCookieName(data["name"]);
}

export function isPageRequest(data: unknown): data is PageRequest {
  if (!isRecord(data) || !Number.isSafeInteger(data["id"])) return false;
  switch (data["type"]) {
    case "load":
    case "clear":
    case "test":
      return true;
    case "save":
      return isSessionValue(data["value"]);
    default:
      return false;
  }
}

export function isHubMessage(data: unknown): data is HubMessage {
  if (!isRecord(data) || typeof data["reason"] !== "string") return false;
  if (data["type"] === "refused") return true;
  if (!Number.isSafeInteger(data["id"]) || !/^(?:granted|promptable|blocked)$/.test(String(data["access"]))) return false;
  return data["type"] === "done"
    ? typeof data["ok"] === "boolean"
    : data["type"] === "loaded" &&
        (data["value"] === null || isSessionValue(data["value"])) &&
        (data["endedAt"] === null || Number.isSafeInteger(data["endedAt"]));
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null;
}
