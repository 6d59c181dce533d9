/** The page's module on a server, as a framework's server-side rendering imports it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = new URL("../../dist/assets/cookie-provider.mjs", import.meta.url).href;
const ARGUMENTS = `"chat", "https://hub.test/t/acme/iframe.html"`;

/** What plain Node prints as it runs a module of this text, or the error that ends it. It has to end by itself. */
async function runInNode(source: string): Promise<string> {
  const child = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], { timeout: 10_000 });
  const { stdout, stderr } = await child.catch((error: { stderr: string }) => ({
    stdout: "",
    // The rest would be the module itself, which is one long line.
    stderr: /^\w*Error: .*/m.exec(error.stderr)?.[0] ?? "It did not end.",
  }));
  return stdout + stderr;
}

/** The name and the message of what a line throws. */
function whatThrows(line: string): string {
  return `import * as carryover from "${MODULE}";
    const { CookieProvider, initCookieProviderExtension } = carryover;
    try { ${line}; console.log("nothing"); } catch (error) { console.log(error.name + ": " + error.message); }`;
}

test("the module is there", () => {
  expect(existsSync(new URL(MODULE))).toBe(true);
});

test("importing it does nothing, and says nothing", async () => {
  expect(
    await runInNode(`
      const before = Object.getOwnPropertyNames(globalThis).length;
      const { CookieProvider, initCookieProviderExtension } = await import("${MODULE}");
      console.log(typeof CookieProvider, typeof initCookieProviderExtension, Object.getOwnPropertyNames(globalThis).length - before);`),
  ).toBe("function function 0\n");
});

test("a provider there is a TypeError, which says in one sentence that it needs a browser", async () => {
  expect(await runInNode(whatThrows(`new CookieProvider(${ARGUMENTS})`))).toMatch(
    /^TypeError: [^.\n]*browser[^.\n]*\.?\n$/,
  );
});

test("a Genesys extension can be made there, and says the same when Widgets calls it", async () => {
  expect(await runInNode(whatThrows(`initCookieProviderExtension(${ARGUMENTS})`))).toBe("nothing\n");
  const bus = `{ registerPlugin: () => ({ subscribe() {}, republish() {}, command() {}, registerCommand() {}, ready() {} }) }`;
  const call = `initCookieProviderExtension(${ARGUMENTS})(undefined, ${bus}, undefined)`;
  expect(await runInNode(whatThrows(call))).toMatch(/^TypeError: [^.\n]*browser[^.\n]*\.?\n$/);
});
