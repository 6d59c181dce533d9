/** How this hub writes its cookies: through the Worker, or itself where there is none. */
export type HubCookieWriter = {
  /** Puts the session in the hub cookie. */
  save(cookieName: string, name: string, session: string): Promise<void>;
  /** Puts a tombstone in the hub cookie. */
  clear(cookieName: string, name: string): Promise<void>;
};
