/**
 * The chats that the visitor has, as their servers know them. A session is `c3.2`: chat 3, second version; of the other tenant
 * `x3.2`. What is said of a session here does not depend on what any script believes.
 */
export type Chats = {
  /** The first session of a new chat. */
  readonly start: (isStrangers: boolean) => string;
  /** The next session of a chat that goes on. */
  readonly rotate: (session: string) => string;
  /** The visitor has ended the chat that a page of the site shows. */
  readonly end: (session: string, site: string) => void;
  readonly isEnded: (session: string) => boolean;
  /** Whether a page of the site has ended it, and could remember. */
  readonly isEndedOn: (session: string, site: string) => boolean;
  /** The site's cookies are gone, and what it remembered with them. */
  readonly forget: (site: string) => void;
};

export function createChats(): Chats {
  const previous = new Map<string, string>();
  const endedOn = new Map<string, Set<string>>();
  let chats = 0;
  let versions = 0;

  function rotate(session: string): string {
    const next = `${session.split(".")[0]}.${++versions}`;
    previous.set(next, session);
    return next;
  }

  /** With the session, those that it came from: they are the same chat. One that another page has made of them meanwhile is not known here. */
  function end(session: string, site: string): void {
    for (let one: string | undefined = session; one !== undefined; one = previous.get(one)) {
      endedOn.set(one, (endedOn.get(one) ?? new Set()).add(site));
    }
  }

  return {
    start: (isStrangers) => `${isStrangers ? "x" : "c"}${++chats}.${++versions}`,
    rotate,
    end,
    isEnded: (session) => endedOn.has(session),
    isEndedOn: (session, site) => endedOn.get(session)?.has(site) ?? false,
    forget(site) {
      for (const sites of endedOn.values()) sites.delete(site);
    },
  };
}

/** Whether a text has a session of the tenant that is explored in it. */
export function mentionsSession(text: string): boolean {
  return /\bc\d+\.\d+\b/.test(text);
}
