/** Timers on the world's clock. There are no intervals: a world with one never comes to rest. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import { attempt } from "./events.ts";

export function createTimers(browser: Browser, document: SimulatedDocument) {
  const { scheduler } = browser;
  const running = new Map<number, { cancel(): void }>();

  function setTimeout(callback: (...values: unknown[]) => unknown, ms = 0, ...values: unknown[]): number {
    const id = browser.nextId();
    const timer = scheduler.add({
      kind: "timer",
      channel: "",
      dueMs: scheduler.now() + Math.max(ms, 0),
      label: () => `a timer of ${ms} ms fires in ${labelOf(document)}`,
      isAlive: () => document.isAlive,
      run() {
        running.delete(id);
        attempt(() => callback(...values));
      },
    });
    running.set(id, timer);
    return id;
  }

  function clearTimeout(id: number | undefined): void {
    if (id === undefined) return;
    running.get(id)?.cancel();
    running.delete(id);
  }

  return { setTimeout, clearTimeout };
}
