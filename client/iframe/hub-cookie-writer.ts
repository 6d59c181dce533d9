/**
 * How this hub writes its cookies: through the Worker, or itself where there is none.
 *
 * @param name of the page's session cookie
 * @param session `null` leaves a tombstone
 * @param older digests for its history (session/history.ts), with nothing between
 */
export type HubCookieWriter = (
  cookieName: string,
  name: string,
  session: string | null,
  older: string,
) => Promise<void>;
