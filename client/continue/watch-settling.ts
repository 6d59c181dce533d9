/** Nobody reads and decides in less. */
const SETTLING_MS = 500;

/**
 * Whether this window has been in front of the visitor for long enough that a click in it was meant for it. A page can bring it
 * under the second click of a double click, which was meant for what had been there before.
 */
export function watchSettling(): () => boolean {
  let shownAt = performance.now();
  const show = () => (shownAt = performance.now());
  addEventListener("focus", show);
  document.addEventListener("visibilitychange", show);
  return () => performance.now() - shownAt >= SETTLING_MS;
}
