import { type PopupDone, type PopupReady, type PopupTask, isPopupTask } from "../../protocol/popup-messages.ts";

/** An iframe that is there answers at once. One that is not was cut off by its page (COOP), or never was. */
const TASK_TIMEOUT_MS = 3000;

export type Opener = {
  /** Somebody opened this window. Whether it was the hub's iframe, only a task tells. */
  readonly exists: boolean;
  /** What the iframe wants done, once it has said so. */
  task(): PopupTask | undefined;
  /** The same, waited for; `undefined` once it is clear that none will come. */
  readonly firstTask: Promise<PopupTask | undefined>;
  /** Tells the iframe what the hub cookie says. */
  done(hubCookie: string | null): void;
};

/**
 * The popup's side of protocol/popup-messages.ts: says that it is ready, and takes a task from its opener alone, if that is a
 * page of the hub.
 */
export function connectOpener(): Opener {
  // By name: `opener` is a property that anybody could set later.
  const iframe: Window | null = window.opener;
  let task: PopupTask | undefined;

  const firstTask = new Promise<PopupTask | undefined>((resolve) => {
    if (!iframe) return resolve(undefined);
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== iframe || origin !== location.origin || !isPopupTask(data)) return;
      task = data;
      resolve(data);
    });
    setTimeout(() => resolve(undefined), TASK_TIMEOUT_MS);
  });

  // To the hub's exact origin: a shop that opens this page by itself hears nothing.
  function post(message: PopupReady | PopupDone): void {
    iframe?.postMessage(message, location.origin);
  }

  post({ type: "carryover:popup-ready" });
  return {
    exists: iframe !== null,
    task: () => task,
    firstTask,
    done: (hubCookie) => post({ type: "carryover:popup-done", hubCookie }),
  };
}
