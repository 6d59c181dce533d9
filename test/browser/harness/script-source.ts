import type { Script } from "./browser.ts";

/** What a script is as text. */
export function sourceOf<T, Args extends unknown[]>(script: Script<T, Args>, args: Args): string {
  if (typeof script === "string") return script;
  return `(${script.toString()})(${args.map((arg) => (arg === undefined ? "undefined" : JSON.stringify(arg))).join(", ")})`;
}

/** Whether the page has loaded, also where an element of its hides `document.readyState`. */
export const IS_LOADED = `Object.getOwnPropertyDescriptor(Document.prototype, "readyState").get.call(document) === "complete"`;
