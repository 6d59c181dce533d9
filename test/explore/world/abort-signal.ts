/** `AbortController`, and `AbortSignal.timeout` on the world's clock. */
import { EventTargetDouble } from "./events.ts";

type SetTimeout = (callback: () => void, ms: number) => unknown;

export class AbortSignalDouble extends EventTargetDouble {
  aborted = false;
  reason: unknown;

  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent({ type: "abort" });
  }
}

class AbortControllerDouble {
  readonly signal = new AbortSignalDouble();

  abort(reason: unknown = new DOMException("Aborted.", "AbortError")): void {
    this.signal.abort(reason);
  }
}

export function createAbort(setTimeout: SetTimeout) {
  function timeout(ms: number): AbortSignalDouble {
    const signal = new AbortSignalDouble();
    setTimeout(() => signal.abort(new DOMException("The operation timed out.", "TimeoutError")), ms);
    return signal;
  }

  return { AbortController: AbortControllerDouble, AbortSignal: { timeout } };
}
