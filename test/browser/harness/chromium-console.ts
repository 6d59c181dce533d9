import type { CDPSession, Protocol } from "puppeteer-core";
import type { ConsoleMessage } from "./browser.ts";

/** Adds to `messages` what the documents of a session log, throw, and are told by the browser (a refused frame, a blocked script). */
export function recordConsole(session: CDPSession, messages: ConsoleMessage[]): void {
  session.on("Runtime.consoleAPICalled", ({ type, args }) => {
    messages.push({ type, text: args.map(textOf).join(" ") });
  });
  session.on("Runtime.exceptionThrown", ({ exceptionDetails }) => {
    messages.push({
      type: "exception",
      text: exceptionDetails.exception?.description ?? exceptionDetails.text,
    });
  });
  session.on("Log.entryAdded", ({ entry }) => {
    messages.push({
      type: entry.level,
      text: entry.url === undefined ? entry.text : `${entry.text} (${entry.url})`,
    });
  });
}

function textOf(argument: Protocol.Runtime.RemoteObject): string {
  if (argument.unserializableValue !== undefined) return argument.unserializableValue;
  if (argument.type === "string") return String(argument.value);
  return argument.value === undefined ? (argument.description ?? argument.type) : JSON.stringify(argument.value);
}
