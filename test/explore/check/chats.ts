/**
 * The chats that the visitor has, as their servers know them. A session is `c3.2`: chat 3, second version; of the other tenant
 * `x3.2`. What is said of a session here does not depend on what any script believes.
 */
export type Chats = {
  /** The first session of a new chat, on a page that shows another session, or none. */
  readonly start: (before: string, isStrangers: boolean) => string;
  /** The next session of a chat that goes on. */
  readonly rotate: (session: string) => string;
  /** Whether a page that showed one has written the other in its place, or one that came of it. */
  readonly isOlder: (one: string, other: string) => boolean;
  /** The visitor has ended the chat that a page of the site shows. */
  readonly end: (session: string, site: string) => void;
  readonly isEnded: (session: string) => boolean;
  /** Whether a page of the site has ended it, and could remember. */
  readonly isEndedOn: (session: string, site: string) => boolean;
  /** Whether a page of the site has ended a chat that was written in the place of the session. */
  readonly isOlderThanEnded: (session: string, site: string) => boolean;
  /** The site's cookies are gone, and what it remembered with them. */
  readonly forget: (site: string) => void;
};

export function createChats(): Chats {
  /** What the page showed that wrote the session. */
  const replaced = new Map<string, string>();
  const endedOn = new Map<string, Set<string>>();
  let chats = 0;
  let versions = 0;

  function start(before: string, isStrangers: boolean): string {
    return write(before, `${isStrangers ? "x" : "c"}${++chats}`);
  }

  function write(before: string, chat: string): string {
    const session = `${chat}.${++versions}`;
    replaced.set(session, before);
    return session;
  }

  function isOlder(one: string, other: string): boolean {
    const before = replaced.get(other);
    return before !== undefined && (before === one || isOlder(one, before));
  }

  /** With the session, those that it came from: they are the same chat. One that another page has made of them meanwhile is not known here. */
  function end(session: string, site: string): void {
    for (let one: string | undefined = session; one && chatOf(one) === chatOf(session); one = replaced.get(one)) {
      endedOn.set(one, (endedOn.get(one) ?? new Set()).add(site));
    }
  }

  return {
    start,
    rotate: (session) => write(session, chatOf(session)),
    isOlder,
    end,
    isEnded: (session) => endedOn.has(session),
    isEndedOn: (session, site) => endedOn.get(session)?.has(site) ?? false,
    isOlderThanEnded: (session, site) =>
      [...endedOn].some(([ended, sites]) => sites.has(site) && isOlder(session, ended)),
    forget(site) {
      for (const sites of endedOn.values()) sites.delete(site);
    },
  };
}

function chatOf(session: string): string {
  return session.split(".")[0] ?? "";
}

/** Whether a text has a session of the tenant that is explored in it. */
export function mentionsSession(text: string): boolean {
  return /\bc\d+\.\d+\b/.test(text);
}
