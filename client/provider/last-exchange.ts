/** What this page's origin last exchanged with the hub under a cookie name. */
export type Exchange = {
  /** A digest of the session, so that the session itself is in no second place. */
  readonly digest: string;
  /** The chat was ended here, and the hub has not been told yet. */
  readonly ended: boolean;
};

const ENDED = "-";

/**
 * Remembers the last exchange, so that a session that the hub has never seen is recognised as a live chat. Where storage is
 * switched off, it is remembered for this page view only.
 */
export class LastExchange {
  readonly #key: string;
  #stored: string | null = null;

  constructor(cookieName: string) {
    this.#key = `carryover:${cookieName}`;
  }

  get(): Exchange | null {
    try {
      this.#stored = localStorage.getItem(this.#key);
    } catch {
      // Switched off by the visitor.
    }
    const stored = this.#stored;
    return stored ? { digest: stored.replace(ENDED, ""), ended: stored.startsWith(ENDED) } : null;
  }

  set(digest: string, ended = false): void {
    this.#store((ended ? ENDED : "") + digest);
  }

  forget(): void {
    this.#store(null);
  }

  #store(text: string | null): void {
    this.#stored = text;
    try {
      if (text === null) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, text);
    } catch {
      // Switched off or full.
    }
  }
}

/** SHA-256 in base64; empty for no session. */
export async function digestOf(session: string | null): Promise<string> {
  if (session === null) return "";
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(session));
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
