/**
 * Whether the hub is worth waiting for. Where it has kept a page waiting in vain, the pages of that site do not wait for the next
 * minute: what it says arrives by the `session` event.
 */
const KEY = "carryover:unreachable";
const MEMORY_MS = 60_000;

export function isWorthWaiting(): boolean {
  try {
    return Number(localStorage.getItem(KEY)) < Date.now();
  } catch {
    return true; // A page without storage waits.
  }
}

export function noteWaiting(wasInVain: boolean): void {
  try {
    if (wasInVain) localStorage.setItem(KEY, String(Date.now() + MEMORY_MS));
    else localStorage.removeItem(KEY);
  } catch {
    // The next page will wait.
  }
}
