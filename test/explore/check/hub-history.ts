/**
 * What the hub's unpartitioned cookie has held, in order. This order is what "older" means: browsers do not say when a page's
 * cookie was written, so nothing else is promised.
 */
export type HubHistory = {
  /** @param text value of the cookie, as protocol/hub-cookie.ts describes it; `""` when it is removed */
  readonly record: (text: string, step: number) => void;
  readonly current: () => HubValue;
  /** Whether the hub has held the session. */
  readonly has: (session: string) => boolean;
  /** Whether the hub has held one, and later the other. */
  readonly movedFrom: (one: string, other: HubValue) => boolean;
  /** What the hub has held after it held the session. */
  readonly heldAfter: (session: string) => readonly HubValue[];
  /** Whether the hub held the session at the step, or at any earlier one. */
  readonly heldBy: (session: string, step: number) => boolean;
  /** Whether the hub held the session at the step, or at any later one. */
  readonly heldSince: (session: string, step: number) => boolean;
};

/** A session, or `TOMBSTONE`, or `""` for nothing. */
type HubValue = string;

export const TOMBSTONE = "(ended)";

export function createHubHistory(): HubHistory {
  const entries: { readonly value: HubValue; readonly step: number }[] = [{ value: "", step: 0 }];

  function record(text: string, step: number): void {
    const value = text.startsWith(":") ? TOMBSTONE : decodeURIComponent(text.split(":")[0] ?? "");
    if (value !== current()) entries.push({ value, step });
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
    current,
    has: (session) => entries.some(({ value }) => value === session),
    movedFrom,
    heldAfter(session) {
      const first = entries.findIndex(({ value }) => value === session);
      return first < 0 ? [] : entries.slice(first + 1).map(({ value }) => value);
    },
    heldBy: (session, step) => entries.some((entry) => entry.value === session && entry.step <= step),
    heldSince,
  };
}
