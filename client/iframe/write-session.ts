import { OLDER_HEADER, sessionPath } from "../../protocol/routes.ts";

/** A hub that hangs must not hold up the writes behind it. */
const WRITE_TIMEOUT_MS = 10_000;

export type SessionWrite = {
  readonly name: string;
  /** `null` leaves a tombstone. */
  readonly session: string | null;
  /** Digests for the hub cookie's history, with nothing between. */
  readonly older?: string;
  /** Whether the write outlives the document that makes it. */
  readonly keepalive: boolean;
};

/** Has the Worker set the hub cookie. Rejects with its words, or the browser's. */
export async function writeSession({ name, session, older = "", keepalive }: SessionWrite): Promise<void> {
  const response = await fetch(sessionPath(name), {
    ...(session === null ? { method: "DELETE" } : { method: "PUT", body: session }),
    headers: { [OLDER_HEADER]: older },
    keepalive,
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status}: ${await response.text()}`);
}
