/**
 * What compiled scripts find around them, and which cannot be given to each document of its own: time, chance, and where errors
 * go. One world runs at a time in a process.
 */
export type Ambient = {
  readonly now: () => number;
  readonly random: () => number;
  readonly reportError: (error: unknown) => void;
};

const NOBODY: Ambient = { now: () => 0, random: () => 0, reportError: () => {} };

let current = NOBODY;

export function enterWorld(ambient: Ambient): { leave(): void } {
  current = ambient;
  return { leave: () => (current = NOBODY) };
}

export function ambient(): Ambient {
  return current;
}

// A promise that nobody catches belongs to the world that is running.
process.on("unhandledRejection", (reason) => current.reportError(reason));

/** `Date` on the world's clock. */
export class DateDouble extends Date {
  constructor(...time: [] | [number | string]) {
    super(time[0] ?? current.now());
  }

  static override now(): number {
    return current.now();
  }
}

/** `Math` with the world's chance. */
export const mathDouble: Math = Object.create(Math, { random: { value: () => current.random() } });

export function fillRandomly<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  for (let index = 0; index < bytes.length; index++) bytes[index] = Math.floor(current.random() * 256);
  return bytes;
}

/** Pages and the hub write to the console as they like; nobody reads it here. */
export const silentConsole = { log() {}, info() {}, debug() {}, warn() {}, error() {} };
