import { createServer } from "node:net";

export interface DemoPorts {
  readonly hubPort: number;
  readonly demoPort: number;
}

const HUB_PORT = 8787;
const DEMO_PORT = 8788;

/** Highest TCP port. */
const PORT_MAX = 65_535;

/** @throws Error with words for the reader when a variable holds no usable port. */
export function portsFrom(env: Readonly<Record<string, string | undefined>>): DemoPorts {
  const hubPort = readPort("HUB_PORT", env["HUB_PORT"], HUB_PORT);
  const demoPort = readPort("DEMO_PORT", env["DEMO_PORT"], DEMO_PORT);
  if (hubPort === demoPort) throw new Error(`HUB_PORT and DEMO_PORT are both ${hubPort}: they must differ.`);
  return { hubPort, demoPort };
}

/** @throws Error that says which port is taken, and how to free it or take another. */
export async function requireFreePorts({ hubPort, demoPort }: DemoPorts): Promise<void> {
  await requireFree("HUB_PORT", "the hub", hubPort);
  await requireFree("DEMO_PORT", "the shops", demoPort);
}

function readPort(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === "") return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= PORT_MAX) return port;
  throw new Error(`${name} is "${text}", but must be a port between 1 and ${PORT_MAX}.`);
}

async function requireFree(variable: string, who: string, port: number): Promise<void> {
  // Browsers try both loopback addresses for *.localhost, so a stranger on either would answer in our stead.
  for (const host of ["127.0.0.1", "::1"]) {
    const problem = await listenError(port, host);
    if (problem === undefined || problem === "EADDRNOTAVAIL" || problem === "EAFNOSUPPORT") continue;
    if (problem !== "EADDRINUSE") throw new Error(`Port ${port}, wanted for ${who}, cannot be opened: ${problem}.`);
    throw new Error(
      [
        `Port ${port}, wanted for ${who}, is in use (on ${host}). Maybe another demo or wrangler is still running.`,
        `  see who has it:    ${process.platform === "win32" ? `netstat -ano | findstr :${port}` : `lsof -nP -iTCP:${port} -sTCP:LISTEN`}`,
        `  or take another:   ${variable}=${port + 1000} npm run demo`,
      ].join("\n"),
    );
  }
}

function listenError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
