/** `npm run demo`: the hub, two shops and a chat on three local sites. HUB_PORT and DEMO_PORT choose the ports. */
import { guide } from "./demo/guide.ts";
import { requireNode } from "./demo/node-version.ts";
import { portsFrom } from "./demo/ports.ts";
import { startDemo } from "./demo/start-demo.ts";

const EXIT_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

async function main(): Promise<number> {
  const interrupted = new AbortController();
  let exitCode = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // A second one means that the reader is done waiting; the children are killed on the way out.
      if (interrupted.signal.aborted) process.exit(EXIT_BY_SIGNAL[signal]);
      exitCode = EXIT_BY_SIGNAL[signal];
      interrupted.abort();
    });
  }
  try {
    requireNode();
    const ports = portsFrom(process.env);
    console.log("Building and starting the demo, this takes a few seconds …");
    const demo = await startDemo({ ...ports, signal: interrupted.signal });
    console.log(guide(demo.urls));
    const failure = await Promise.race([demo.failed, aborted(interrupted.signal)]);
    await demo.stop();
    // Ctrl-C may reach the children before it reaches us: then their end is no failure.
    if (failure !== undefined && exitCode === 0) throw new Error(failure);
  } catch (error) {
    if (!interrupted.signal.aborted) {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    }
  }
  console.log("The demo has stopped.");
  return exitCode;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

process.exit(await main());
