/**
 * What the shop page and the chat say to each other over one WebSocket.
 *
 * The chat speaks first, with `history`. The page then says `say` or `end`. The chat sends `message` to every tab but
 * the one that wrote it (that tab shows its own words at once), and `ended` to all when the transcript is gone.
 */
import { MESSAGE_MAX_CHARACTERS } from "./limits.ts";

export interface ChatMessage {
  /** Counts up within one chat. */
  readonly seq: number;
  readonly role: "visitor" | "assistant";
  readonly text: string;
}

export type PageMessage = { readonly type: "say"; readonly text: string } | { readonly type: "end" };

export type ChatEvent =
  | { readonly type: "history"; readonly messages: readonly ChatMessage[] }
  | { readonly type: "message"; readonly message: ChatMessage }
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "ended" };

/** Text a visitor may say: something, and not too much of it. */
export function isSayable(text: unknown): text is string {
  // oxlint-disable-next-line typescript/no-misused-spread -- code points will do for a limit.
  return typeof text === "string" && text.trim() !== "" && [...text].length <= MESSAGE_MAX_CHARACTERS;
}

export function parsePageMessage(frame: string): PageMessage | undefined {
  const value = parseObject(frame);
  if (value === undefined) return undefined;
  if (value["type"] === "end") return { type: "end" };
  const text = value["text"];
  if (value["type"] === "say" && isSayable(text)) return { type: "say", text: text.trim() };
  return undefined;
}

export function parseChatEvent(frame: string): ChatEvent | undefined {
  const value = parseObject(frame);
  switch (value?.["type"]) {
    case "ended":
      return { type: "ended" };
    case "refused":
      return typeof value["reason"] === "string" ? { type: "refused", reason: value["reason"] } : undefined;
    case "message":
      return isChatMessage(value["message"]) ? { type: "message", message: value["message"] } : undefined;
    case "history": {
      const messages: unknown = value["messages"];
      return Array.isArray(messages) && messages.every(isChatMessage) ? { type: "history", messages } : undefined;
    }
    default:
      return undefined;
  }
}

function isChatMessage(value: unknown): value is ChatMessage {
  return (
    isObject(value) &&
    Number.isSafeInteger(value["seq"]) &&
    (value["role"] === "visitor" || value["role"] === "assistant") &&
    typeof value["text"] === "string"
  );
}

function parseObject(frame: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(frame);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
