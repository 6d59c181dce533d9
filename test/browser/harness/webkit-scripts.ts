import { Script as Compiled } from "node:vm";

/** What has become of a script: its value as JSON, what it threw, or nothing yet. */
export type Outcome =
  | { state: "done"; url: string; json?: string }
  | { state: "thrown"; url: string; message: string }
  | { state: "pending"; url: string }
  /** The document that the script was started in is no more. */
  | { state: "left"; url: string };

/**
 * The body of a function for WebDriver that starts a script and tells its outcome, once that is there. To wait for a
 * promise with `execute/async` would stop every other command, for instance while a prompt waits for its answer.
 */
export function startingScript(source: string, key: string): string {
  return `return (${start.toString()})(() => {${bodyOf(source)}\n}, ${JSON.stringify(key)});`;
}

/** The same, for a script that was pending. */
export function askingScript(key: string): string {
  return `return (${ask.toString()})(${JSON.stringify(key)});`;
}

/**
 * A function body that returns what a script's last statement is worth. `eval` would do, but is the page's own, which its
 * Content-Security-Policy may forbid.
 */
function bodyOf(source: string): string {
  if (compiles(`(${source}\n)`)) return `return (${source}\n);`;
  const statements = source.replace(/[;\s]+$/, "");
  for (let end = statements.lastIndexOf(";"); end !== -1; end = statements.lastIndexOf(";", end - 1)) {
    const first = statements.slice(0, end);
    const last = statements.slice(end + 1);
    if (compiles(first) && compiles(`(${last}\n)`)) return `${first};\nreturn (${last}\n);`;
    if (end === 0) break;
  }
  return source;
}

function compiles(source: string): boolean {
  try {
    return new Compiled(source) instanceof Compiled;
  } catch {
    return false;
  }
}

// The two below run in the page, each by itself.

function start(run: () => unknown, key: string): Outcome {
  const scope = window as unknown as { carryoverTestOutcomes?: Map<string, Outcome> };
  const url = location.href;
  const done = (value: unknown): Outcome => {
    const json = JSON.stringify(value) as string | undefined;
    return json === undefined ? { state: "done", url } : { state: "done", url, json };
  };
  const thrown = (error: unknown): Outcome => ({ state: "thrown", url, message: String(error) });
  try {
    const value = run();
    if (typeof (value as { then?: unknown } | undefined | null)?.then !== "function") return done(value);
    if (scope.carryoverTestOutcomes === undefined)
      Object.defineProperty(scope, "carryoverTestOutcomes", { value: new Map<string, Outcome>() });
    const outcomes = scope.carryoverTestOutcomes;
    outcomes?.set(key, { state: "pending", url });
    Promise.resolve(value)
      .then(done)
      .then(
        (outcome) => outcomes?.set(key, outcome),
        (error: unknown) => outcomes?.set(key, thrown(error)),
      );
    return { state: "pending", url };
  } catch (error) {
    return thrown(error);
  }
}

function ask(key: string): Outcome {
  const { carryoverTestOutcomes: outcomes } = window as unknown as { carryoverTestOutcomes?: Map<string, Outcome> };
  const outcome = outcomes?.get(key) ?? { state: "left" };
  if (outcome.state !== "pending") outcomes?.delete(key);
  return { ...outcome, url: location.href };
}
