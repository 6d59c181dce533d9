/**
 * Runs something when every listener of the page has had an event, and before the browser acts on it. Call it from a capture
 * listener on `window`.
 *
 * An event usually ends its way in the bubble phase at `window`. A listener may end it earlier by stopping propagation, so the
 * last listener of each node on the way looks whether its node is the last one.
 *
 * @param run not called for an event whose default the page has prevented
 * @see https://dom.spec.whatwg.org/#concept-event-dispatch
 */
export function afterListeners(event: Event, run: () => void): void {
  const { type } = event;
  // Listeners that are added now come after those that are there.
  const nodes = event.composedPath();
  const forEachListener = (change: "addEventListener" | "removeEventListener") => {
    for (const node of nodes) for (const isCapture of [true, false]) node[change](type, look, isCapture);
  };

  function look({ currentTarget, eventPhase, cancelBubble }: Event): void {
    if (cancelBubble || (currentTarget === window && eventPhase === Event.BUBBLING_PHASE)) end();
  }

  function end(): void {
    forEachListener("removeEventListener");
    for (const method of STOPPING) Reflect.deleteProperty(event, method);
    // Of a click that a script makes, microtasks run when it is over.
    if (!event.defaultPrevented && event.eventPhase !== Event.NONE) run();
  }

  forEachListener("addEventListener");
  for (const method of STOPPING) {
    const original = event[method];
    Object.defineProperty(event, method, {
      configurable: true,
      value() {
        original.call(event);
        // No listener of ours on this node comes after this one. A microtask does, as soon as it returns.
        if (method === "stopImmediatePropagation" || event.currentTarget === window) queueMicrotask(end);
      },
    });
  }
}

const STOPPING = ["stopPropagation", "stopImmediatePropagation"] as const;
