/** Longest message a visitor may send. Also the input's limit, so an honest visitor never meets a refusal. */
export const MESSAGE_MAX_CHARACTERS = 1000;

/** Largest frame the chat accepts: 1,000 characters of four bytes each, escaped, fit. */
export const FRAME_MAX_BYTES = 8192;

/** Older messages are dropped, so that a demo left running does not grow for ever. */
export const TRANSCRIPT_MAX_MESSAGES = 200;

/** An idle transcript deletes itself after this long, as the hub's copy of the cookie does. */
export const TRANSCRIPT_IDLE_MS = 7 * 24 * 60 * 60 * 1000;

/** Tabs and sites that may watch one chat at once. */
export const SOCKETS_PER_SESSION = 16;

/** A visitor who types faster than this is a script. */
export const MESSAGES_PER_WINDOW = 10;
export const RATE_WINDOW_MS = 10_000;
