import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startProgram } from "./program.ts";

export interface Screen {
  /** For the environment variable DISPLAY. */
  display: string;
  /** A visitor's own click, on whatever is there: a browser's prompt takes no other. */
  click(x: number, y: number): Promise<void>;
  end(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;
const CLICK_TIMEOUT_MS = 5_000;

/** An X server of one's own, on a free display, without a window manager: the first window lies at 0, 0. */
export async function startXvfb(programs: { xvfb: string; xdotool: string }): Promise<Screen> {
  const program = startProgram(programs.xvfb, ["-displayfd", "3", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]);
  try {
    const number = await program.says(/^(\d+)\n/, { timeoutMs: START_TIMEOUT_MS, on: "fd3" });
    const display = `:${number}`;
    return {
      display,
      async click(x, y) {
        // GTK wants to see the mouse come before it is pressed.
        const args = ["mousemove", String(x), String(y), "sleep", "0.1", "click", "1"];
        await promisify(execFile)(programs.xdotool, args, {
          env: { ...process.env, DISPLAY: display },
          timeout: CLICK_TIMEOUT_MS,
        });
      },
      end: program.end,
    };
  } catch (error) {
    await program.end();
    throw error;
  }
}
