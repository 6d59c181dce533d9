import {
  type PopupDone,
  type PopupReady,
  type PopupSubject,
  type PopupTask,
  isPopupTask,
} from "../../protocol/popup-messages.ts";

/** An iframe that is there answers at once. One that is not was cut off by its page (COOP). */
const TASK_TIMEOUT_MS = 3000;

/** The iframe that opened this window. */
export type Opener = {
  /** What the iframe wants done, once it has said so. */
  task(): PopupTask | undefined;
  /** The same, waited for; `undefined` once it is clear that none will come. */
  readonly firstTask: Promise<PopupTask | undefined>;
  /** Reports what the hub cookie says. */
  done(hubCookie: string | null): void;
};

/**
 * The popup's side of protocol/popup-messages.ts: says that it is ready, and takes a task from its opener only, if that is a page
 * of the hub, and only about its own subject.
 */
export function connectOpener(iframe: Window, subject: PopupSubject): Opener {
  let task: PopupTask | undefined;

  const firstTask = new Promise<PopupTask | undefined>((resolve) => {
    addEventListener("message", ({ source, origin, data }) => {
      if (source !== iframe || origin !== location.origin || !isPopupTask(data, subject)) return;
      task = data;
      resolve(data);
    });
    setTimeout(() => resolve(undefined), TASK_TIMEOUT_MS);
  });

  // To the hub's exact origin: a shop that opens this page by itself hears nothing.
  function post(message: PopupReady | PopupDone): void {
    iframe.postMessage(message, location.origin);
  }

  post({ type: "carryover:popup-ready", ...subject });
  return {
    task: () => task,
    firstTask,
    done: (hubCookie) => post({ type: "carryover:popup-done", ...subject, hubCookie }),
  };
}
