/** The cookie that names a visitor's chat, the one the hub carries from shop to shop. */
export const SESSION_COOKIE_NAME = "acme-chat-session";

/** 128 random bits as 32 lower-case hex digits: whoever knows it can read the chat, so it must not be guessable. */
const SESSION_ID = /^[0-9a-f]{32}$/;

export function isSessionId(value: unknown): value is string {
  return typeof value === "string" && SESSION_ID.test(value);
}
