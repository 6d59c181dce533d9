import { OLDER_HEADER, sessionPath } from "../../protocol/routes.ts";

/** A hub that hangs must not hold up the writes behind it. */
const WRITE_TIMEOUT_MS = 10_000;

/**
 * Has the Worker set the hub cookie. Rejects with its words, or the browser's.
 *
 * @param session `null` leaves a tombstone
 * @param older digests for the hub cookie's history, with nothing between
 * @param keepalive whether the write outlives the document that makes it
 */
export async function writeSession(
  name: string,
  session: string | null,
  older: string,
  keepalive: boolean,
): Promise<void> {
  const response = await fetch(sessionPath(name), {
    method: session === null ? "DELETE" : "PUT",
    body: session,
    headers: { [OLDER_HEADER]: older },
    keepalive,
    signal: AbortSignal.timeout(WRITE_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status}: ${await response.text()}`);
}
