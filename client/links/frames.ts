import { member } from "../members.ts";

/** This page's window, and those of its frames that are of its origin: links there may lead the whole page away. */
export function forEachWindow(run: (view: Window) => void, view: Window = window): void {
  try {
    // Another origin's document throws, and a frame that is gone has none.
    if (!view.document) return;
    run(view);
    // Not up to `length`, which a page may have as a global of its own.
    for (let index = 0; view[index]; index++) forEachWindow(run, view[index]);
  } catch {
    // Not ours.
  }
}

/** Where the loading of a frame is heard of. */
export function onFrameLoad(
  change: "addEventListener" | "removeEventListener",
  { document }: Window,
  run: () => void,
): void {
  member(document, change).call(document, "load", run, true);
}
