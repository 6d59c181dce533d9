import { hubCookieName, isCookieName } from "../../protocol/cookie-names.ts";
import { decodeHubCookie } from "../../protocol/hub-cookie.ts";
import { sessionPath } from "../../protocol/routes.ts";
import { readCookie } from "../iframe/cookie-jar.ts";

const WRITE_TIMEOUT_MS = 10_000;

/** The hub's cookies of one tenant. What is written is read back: browsers drop cookies silently. */
export type HubCookies = {
  /** Names of the session cookies that the hub knows in this browser. */
  names(): string[];
  /** The hub cookie's raw value. */
  read(name: string): string | undefined;
  /** Rejects when the hub does not answer, or the browser does not keep the cookie. */
  save(name: string, session: string): Promise<void>;
  /** Leaves a tombstone. Rejects like `save`. */
  forget(name: string): Promise<void>;
};

export function createHubCookies(tenant: string): HubCookies {
  const prefix = hubCookieName(location.protocol === "https:", tenant, "");
  const read = (name: string) => readCookie(prefix + name);
  const decoded = (name: string) => decodeHubCookie(read(name) ?? "");

  return {
    read,
    names: () =>
      document.cookie
        .split("; ")
        .filter((cookie) => cookie.startsWith(prefix))
        .map((cookie) => cookie.slice(prefix.length).split("=")[0])
        .filter(isCookieName),
    async save(name, session) {
      await send(sessionPath(tenant, name), { method: "PUT", body: session });
      const kept = decoded(name);
      if (kept?.kind !== "session" || kept.value !== session) throw new Error("The browser did not keep the cookie.");
    },
    async forget(name) {
      await send(sessionPath(tenant, name), { method: "DELETE" });
      if (decoded(name)?.kind === "session") throw new Error("The browser did not replace the cookie.");
    },
  };
}

async function send(path: string, init: RequestInit): Promise<void> {
  const response = await fetch(path, {
    ...init,
    // Outlives a window that is closed meanwhile.
    keepalive: true,
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status}: ${await response.text()}`);
}
