/**
 * Whether the hub is worth waiting for. Where it has kept a page waiting in vain, the pages of that site do not wait for the next
 * minute: what it says arrives by the `session` event.
 */
const KEY = "carryover:silent";
const MEMORY_MS = 60_000;

/** For a page without storage. */
let untilMs = 0;

export function isWorthWaiting(): boolean {
  try {
    untilMs = Number(localStorage.getItem(KEY));
  } catch {
    // A page without storage knows of itself only.
  }
  const leftMs = untilMs - Date.now();
  // Anything else is no time that was noted here.
  return !(leftMs > 0 && leftMs <= MEMORY_MS);
}

export function noteWaiting(wasInVain: boolean): void {
  untilMs = wasInVain ? Date.now() + MEMORY_MS : 0;
  try {
    localStorage.setItem(KEY, String(untilMs));
  } catch {
    // The next page will wait.
  }
}
