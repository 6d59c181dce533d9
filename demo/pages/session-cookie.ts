import Cookies from "js-cookie";
import { isSessionId, SESSION_COOKIE_NAME } from "../protocol/session-id.ts";

/** This host's only, as Carryover's provider writes a session that the hub brings. */
const SCOPE = { path: "/", sameSite: "lax", secure: location.protocol === "https:" } as const;

const DAYS = 7;

export function readSession(): string | undefined {
  const value = Cookies.get(SESSION_COOKIE_NAME);
  return isSessionId(value) ? value : undefined;
}

/** Starts a session, and says whether the browser kept the cookie. */
export function startSession(): string | undefined {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  Cookies.set(SESSION_COOKIE_NAME, session, { ...SCOPE, expires: DAYS });
  return readSession();
}

/** Forgets a session on this page only, unless the visitor has begun another one since. */
export function forgetSession(session: string): void {
  if (readSession() === session) Cookies.remove(SESSION_COOKIE_NAME, SCOPE);
}
