/** `EventTarget` and `CustomEvent`, with what listeners throw reported instead of printed. */
import { ambient } from "./ambient.ts";

export type SimulatedEvent = { readonly type: string };

type Listener = ((event: SimulatedEvent) => unknown) | { handleEvent(event: SimulatedEvent): unknown };

export class EventTargetDouble {
  /** By type: each listener, and whether it is to be called once. */
  #listeners: Map<string, Map<Listener, boolean>> | undefined;

  addEventListener(type: string, listener: Listener | null, options?: boolean | { readonly once?: boolean }): void {
    if (!listener) return;
    this.#listeners ??= new Map();
    const listeners = this.#listeners.get(type) ?? new Map<Listener, boolean>();
    this.#listeners.set(type, listeners);
    listeners.set(listener, typeof options === "object" && options.once === true);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners?.get(type)?.delete(listener);
  }

  hasListeners(type: string): boolean {
    return (this.#listeners?.get(type)?.size ?? 0) > 0;
  }

  dispatchEvent(event: SimulatedEvent): boolean {
    const listeners = this.#listeners?.get(event.type);
    for (const [listener, isOnce] of listeners ? Array.from(listeners) : []) {
      if (isOnce) listeners?.delete(listener);
      attempt(() => (typeof listener === "function" ? listener(event) : listener.handleEvent(event)));
    }
    const handler: unknown = Reflect.get(this, `on${event.type}`);
    if (typeof handler === "function") attempt(() => handler.call(this, event));
    return true;
  }
}

export class CustomEventDouble {
  readonly type: string;
  readonly detail: unknown;

  constructor(type: string, { detail }: { readonly detail?: unknown } = {}) {
    this.type = type;
    this.detail = detail;
  }
}

/** Runs what a script has given us. As in a browser, its error is reported and everything else goes on. */
export function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    ambient().reportError(error);
  }
}
