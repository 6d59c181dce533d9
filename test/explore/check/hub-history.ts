/**
 * What the hub's unpartitioned cookie has held, in order. This order is what "older" means: browsers do not say when a page's
 * cookie was written, so nothing else is promised.
 */
export type HubHistory = {
  /** @param text value of the cookie, as protocol/hub-cookie.ts describes it; `""` when it is removed */
  readonly record: (text: string, step: number) => void;
  /** A write is sent, with the cookie as it is: of what comes meanwhile it cannot know. */
  readonly send: (value: HubValue) => void;
  readonly current: () => HubValue;
  /** Whether the hub has held the session. */
  readonly has: (session: string) => boolean;
  /** Whether the hub has held one, and later the other. */
  readonly movedFrom: (one: string, other: HubValue) => boolean;
  /** What the hub has held after it held the session. */
  readonly heldAfter: (session: string) => readonly HubValue[];
  /** What the hub held as a tombstone took its place. */
  readonly ended: () => readonly HubValue[];
  /** Whether the hub has moved from one session to the other, and who sent that could know of the first. */
  readonly isPassed: (one: string, other: string) => boolean;
  /** Whether the hub held the session at the step, or at any later one. */
  readonly heldSince: (session: string, step: number) => boolean;
};

/** A session, or `TOMBSTONE`, or `""` for nothing. */
type HubValue = string;

type Entry = {
  readonly value: HubValue;
  readonly step: number;
  /** What the hub held when it was sent. */
  readonly over?: Entry | undefined;
};

export const TOMBSTONE = "(ended)";

export function createHubHistory(): HubHistory {
  const entries: Entry[] = [{ value: "", step: 0 }];
  const sentOver = new Map<HubValue, Entry>();

  function record(text: string, step: number): void {
    const value = text.startsWith(":") ? TOMBSTONE : decodeURIComponent(text.split(":")[0] ?? "");
    if (value !== current()) entries.push({ value, step, over: sentOver.get(value) });
  }

  function current(): HubValue {
    return entries.at(-1)?.value ?? "";
  }

  function movedFrom(one: HubValue, other: HubValue): boolean {
    const first = entries.findIndex(({ value }) => value === one);
    return first >= 0 && entries.findLastIndex(({ value }) => value === other) > first;
  }

  /** The last entry before the step was still there at the step. */
  function heldSince(session: string, step: number): boolean {
    const at = entries.findLastIndex((entry) => entry.step < step);
    return entries.slice(Math.max(at, 0)).some(({ value }) => value === session);
  }

  return {
    record,
    send(value) {
      const entry = entries.at(-1);
      if (entry) sentOver.set(value, entry);
    },
    current,
    has: (session) => entries.some(({ value }) => value === session),
    movedFrom,
    heldAfter(session) {
      const first = entries.findIndex(({ value }) => value === session);
      return first < 0 ? [] : entries.slice(first + 1).map(({ value }) => value);
    },
    ended: () => entries.filter((_, index) => entries[index + 1]?.value === TOMBSTONE).map(({ value }) => value),
    isPassed: (one, other) => entries.some((entry) => entry.value === other && isKnownTo(entry, one)),
    heldSince,
  };
}

function isKnownTo({ over }: Entry, session: string): boolean {
  return over !== undefined && (over.value === session || isKnownTo(over, session));
}
