import { member } from "../members.ts";

/**
 * Runs something when every listener of the page has had an event, and before the browser acts on it. Call it from a capture
 * listener on the event's window.
 *
 * An event usually ends its way in the bubble phase at its window. A listener may end it earlier by stopping propagation, so the
 * last listener of each node on the way looks whether its node is the last one.
 *
 * @param run not called for an event whose default the page has prevented
 * @see https://dom.spec.whatwg.org/#concept-event-dispatch
 */
export function afterListeners(event: Event, run: () => void): void {
  const { type } = event;
  // Listeners that are added now come after those that are there.
  const nodes = event.composedPath();
  const last = nodes.at(-1);
  const forEachListener = (change: "addEventListener" | "removeEventListener") => {
    for (const node of nodes)
      for (const isCapture of [true, false]) member(node, change).call(node, type, look, isCapture);
  };

  function look({ currentTarget, eventPhase, cancelBubble }: Event): void {
    if (cancelBubble || (currentTarget === last && eventPhase === BUBBLING_PHASE)) end();
  }

  function end(): void {
    forEachListener("removeEventListener");
    for (const method of STOPPING) Reflect.deleteProperty(event, method);
    // Of a click that a script makes, microtasks run when it is over.
    if (!event.defaultPrevented && event.eventPhase) run();
  }

  forEachListener("addEventListener");
  for (const method of STOPPING) {
    const original = event[method];
    Object.defineProperty(event, method, {
      // Libraries add to the prototype of all objects, such as `get`.
      __proto__: null,
      configurable: true,
      value() {
        original.call(event);
        // No listener of ours on this node comes after this one. A microtask does, as soon as it returns.
        if (method === "stopImmediatePropagation" || event.currentTarget === last) queueMicrotask(end);
      },
    } as PropertyDescriptor);
  }
}

const STOPPING = ["stopPropagation", "stopImmediatePropagation"] as const;

/** As `Event` has it. MooTools has an `Event` of its own. */
const BUBBLING_PHASE = 3;
