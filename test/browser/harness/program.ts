import { type ChildProcess, spawn } from "node:child_process";
import { within } from "./poll.ts";

export interface Program {
  /** The last of what it has written to stderr, for error messages. */
  complaints(): string;
  /** The first match in what it writes to stderr, or to its third descriptor. */
  says(pattern: RegExp, options: { timeoutMs: number; on?: "stderr" | "fd3" }): Promise<string>;
  /** Asks it to end, and ends it when it has not within 5 s. */
  end(): Promise<void>;
  /** Resolves once it has ended; by force after 5 s. */
  ended(): Promise<void>;
}

const END_TIMEOUT_MS = 5_000;
const KEPT_CHARACTERS = 4_000;

/** Starts a program that ends with this process, if nobody ends it before. */
export function startProgram(path: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Program {
  const child = spawn(path, args, { env, stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const heard = { stderr: "", fd3: "" };
  const listeners = new Set<() => void>();
  const hear = (channel: keyof typeof heard) => (chunk: Buffer) => {
    heard[channel] = (heard[channel] + chunk.toString("utf8")).slice(-KEPT_CHARACTERS);
    for (const listener of listeners) listener();
  };
  child.stderr?.on("data", hear("stderr"));
  child.stdio[3]?.on("data", hear("fd3"));

  const kill = (): boolean => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = new Promise<void>((resolve) => {
    const over = (): void => {
      process.off("exit", kill);
      for (const listener of listeners) listener();
      resolve();
    };
    child.once("exit", over);
    child.once("error", (error) => {
      heard.stderr += String(error);
      over();
    });
  });

  async function ended(): Promise<void> {
    await within(exited, { timeoutMs: END_TIMEOUT_MS, what: `${path} to end` }).catch(kill);
    await exited;
  }

  return {
    complaints: () => heard.stderr,
    ended,
    async end() {
      child.kill("SIGTERM");
      await ended();
    },
    says(pattern, { timeoutMs, on = "stderr" }) {
      const said = new Promise<string>((resolve, reject) => {
        const listener = (): void => {
          const found = pattern.exec(heard[on]);
          if (found !== null) resolve(found[1] ?? found[0]);
          else if (hasEnded(child)) reject(new Error(`${path} has ended: ${heard.stderr}`));
          else return;
          listeners.delete(listener);
        };
        listeners.add(listener);
        listener();
      });
      return within(said, { timeoutMs, what: `${path} to be ready` });
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
