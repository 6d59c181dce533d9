import { isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { hubCookiePrefix, readCookie } from "../iframe/cookie-jar.ts";
import { writeSession } from "../iframe/write-session.ts";

/** The hub's cookies of one tenant. What is written is read back: browsers drop cookies silently. */
export type HubCookies = {
  /** Names of the session cookies that the hub knows in this browser. */
  names(): string[];
  /** The hub cookie's raw value. */
  read(name: string): string | undefined;
  /** The session that it holds; `undefined` for a tombstone, too. */
  session(name: string): string | undefined;
  /**
   * Rejects when the hub does not answer, or the browser does not keep the cookie.
   *
   * @param older digests for the history (session/history.ts)
   */
  save(name: string, session: string, older: string): Promise<void>;
  /** Leaves a tombstone. Rejects like `save`. */
  forget(name: string, older: string): Promise<void>;
};

export function createHubCookies(tenant: string): HubCookies {
  const prefix = hubCookiePrefix(tenant);
  const read = (name: string) => readCookie(prefix + name);
  const decoded = (name: string) => decodeHubCookie(read(name));
  // Outlives a window that is closed meanwhile.
  const write = (name: string, session: string | null, older: string) => writeSession(name, session, older, true);

  function session(name: string): string | undefined {
    const cookie = decoded(name);
    return cookie.kind === "session" ? cookie.session : undefined;
  }

  return {
    read,
    session,
    names: () =>
      document.cookie
        .split("; ")
        .filter((cookie) => cookie.startsWith(prefix))
        .map((cookie) => cookie.slice(prefix.length).split("=")[0])
        .filter(isCookieName),
    async save(name, value, older) {
      await write(name, value, older);
      if (session(name) !== value) throw new Error("The browser did not keep the cookie.");
    },
    async forget(name, older) {
      await write(name, null, older);
      if (session(name) !== undefined) throw new Error("The browser did not replace the cookie.");
    },
  };
}
