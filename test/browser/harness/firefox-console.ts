import type { BiDi } from "./bidi.ts";
import { textOf } from "./bidi-values.ts";
import type { ConsoleMessage } from "./browser.ts";

/** Tells what documents log and throw. BiDi is silent about Firefox's own notices (a refused frame, a blocked script). */
export function listenToConsole(bidi: BiDi, hear: (contextId: string, message: ConsoleMessage) => void): void {
  bidi.on("log.entryAdded", ({ type, level, method, text, args, source }) => {
    if (source.context === undefined) return;
    if (type === "console") {
      hear(source.context, {
        // Chromium's names.
        type: method === undefined ? level : method === "warn" ? "warning" : method,
        text: (args ?? []).map(textOf).join(" "),
      });
    } else hear(source.context, { type: type === "javascript" ? "exception" : level, text: text ?? "" });
  });
}
