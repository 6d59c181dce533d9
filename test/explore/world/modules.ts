/** `import()` of the hub's modules. */
import type { Browser } from "./browser.ts";
import { type SimulatedDocument, labelOf } from "./browsing-context.ts";
import type { Globals } from "./compile.ts";

/** @param globals of the document, once they are there */
export function createImport(browser: Browser, document: SimulatedDocument, globals: () => Globals) {
  return function importModule(url: string): Promise<unknown> {
    const known = document.modules.get(url) ?? load(url);
    document.modules.set(url, known);
    return known;
  };

  function load(url: string): Promise<unknown> {
    const compiled = [...browser.scripts.modules].find(([end]) => url.endsWith(end))?.[1];
    return new Promise((resolve, reject) => {
      browser.scheduler.add({
        kind: "network",
        channel: `module ${browser.nextId()}`,
        label: () => `${url} arrives on ${labelOf(document)}`,
        isAlive: () => document.isAlive,
        run: () => (compiled ? resolve(compiled(globals())) : reject(new TypeError(`${url} does not load.`))),
      });
    });
  }
}
