/** The hub: the real Worker, and the environment that it runs in. */
import { silentConsole } from "../world/ambient.ts";
import { compileScript } from "../world/compile.ts";
import { cryptoDouble } from "../world/crypto.ts";
import { type DurableObjectClass, type EnvironmentOptions, createEnvironment } from "./environment.ts";

export type Hub = { readonly fetch: (request: Request) => Promise<Response> };

export type StartHub = (options: Omit<EnvironmentOptions, "HandoffCode">) => Hub;

type WorkerExports = {
  readonly default: { fetch(request: Request, env: unknown): Promise<Response> };
  readonly HandoffCode: DurableObjectClass;
};

/** @param source the Worker's bundle (build.ts) */
export function compileHub(source: string): StartHub {
  const names = ["crypto", "console", "__import"];
  const load = compileScript(`${source};return hub;`, names, "worker.js");
  const worker = load({ crypto: cryptoDouble, console: silentConsole, __import: importNothing }) as WorkerExports;
  return (options) => {
    const environment = createEnvironment({ ...options, HandoffCode: worker.HandoffCode });
    return { fetch: async (request) => worker.default.fetch(request, environment) };
  };
}

/** A library tries for a module of Node, and does without. */
function importNothing(name: string): Promise<never> {
  return Promise.reject(new Error(`The Worker has no ${name} here.`));
}
