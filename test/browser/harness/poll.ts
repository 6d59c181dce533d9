export interface PollOptions {
  /** Default 10,000. */
  timeoutMs?: number | undefined;
  /** What was waited for, for the error message. */
  what: string;
}

const POLL_INTERVAL_MS = 25;
export const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Asks until the answer is neither `undefined` nor `false`, and resolves with it.
 * A throwing probe counts as "not yet"; its last error is told when time runs out.
 */
export async function poll<T>(
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: PollOptions,
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const end = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= end) {
      throw new Error(
        `Waited ${timeoutMs} ms in vain for ${options.what}.`,
        lastError === undefined ? {} : { cause: lastError },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

/** The promise's result, or an error once the time is up. The promise itself goes on unobserved. */
export async function within<T>(promise: Promise<T>, options: PollOptions): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${timeoutMs} ms in vain for ${options.what}.`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
