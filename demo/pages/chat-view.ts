/** The deep-chat component, dressed in the shop's colours. Loaded only when a chat is shown: it is the heavy part. */
import { DeepChat } from "deep-chat";
import { MESSAGE_MAX_CHARACTERS } from "../protocol/limits.ts";
import { describeForAssistiveTechnology } from "./chat-view-accessibility.ts";
import { AUXILIARY_STYLE, dress } from "./chat-view-style.ts";
import { allowPlainTextOnly } from "./plain-text-messages.ts";

/** As deep-chat names them. */
export interface ShownMessage {
  readonly role: "user" | "ai";
  readonly text: string;
}

interface Signals {
  onOpen(): void;
  onResponse(response: ShownMessage | ShownMessage[] | { error: string }): Promise<void>;
  newUserMessage: { listener: (body: unknown) => void };
}

export interface ChatView {
  show(messages: readonly ShownMessage[]): Promise<void>;
  /** Replaces everything on show; the greeting stays on top. */
  reset(messages: readonly ShownMessage[]): Promise<void>;
  showError(text: string): Promise<void>;
  say(text: string): void;
  focus(): void;
  scrollToEnd(): void;
}

/** Mounts deep-chat in WebSocket mode. Its handler is told of what the visitor says; the socket itself is the caller's. */
export async function mountChatView(
  host: HTMLElement,
  greeting: string,
  onSay: (text: string) => void,
): Promise<ChatView> {
  allowPlainTextOnly();
  const chat = new DeepChat();
  dress(chat);
  chat.auxiliaryStyle = AUXILIARY_STYLE;
  chat.introMessage = { text: greeting };
  chat.textInput = { ...chat.textInput, characterLimit: MESSAGE_MAX_CHARACTERS };
  chat.errorMessages = { displayServiceErrorMessages: true };
  chat.displayLoadingBubble = true;

  // On a busy page deep-chat draws itself twice, each time empty and with signals of its own. So the newest signals
  // count, and what was on show is shown again.
  let content: ShownMessage[] = [];
  let signals: Signals | undefined;
  const rendered = new Promise<void>((resolve) => {
    chat.onComponentRender = () => resolve();
  });
  chat.connect = {
    websocket: true,
    handler: (_body: unknown, newSignals: Signals) => {
      signals = newSignals;
      signals.newUserMessage.listener = (body) => {
        const text = lastText(body);
        if (text === undefined) return;
        content.push({ role: "user", text });
        onSay(text);
      };
      // Open from the start: words said before the socket is up wait in its queue.
      signals.onOpen();
      if (content.length > 0) void signals.onResponse([...content]);
    },
  };
  host.replaceChildren(chat);
  await rendered;
  describeForAssistiveTechnology(chat);

  const show = async (messages: readonly ShownMessage[]): Promise<void> => {
    content.push(...messages);
    if (messages.length > 0) await signals?.onResponse([...messages]);
  };
  return {
    show,
    reset: async (messages) => {
      content = [];
      chat.clearMessages();
      await show(messages);
    },
    showError: async (text) => signals?.onResponse({ error: text }),
    say: (text) => chat.submitUserMessage({ text }),
    focus: () => chat.shadowRoot?.querySelector<HTMLElement>("#text-input")?.focus(),
    scrollToEnd: () => chat.scrollToBottom(),
  };
}

/** deep-chat hands over `{ messages: [{ role, text }] }`, the last one being what was just said. */
function lastText(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("messages" in body) || !Array.isArray(body.messages)) return;
  const last: unknown = body.messages.at(-1);
  if (typeof last !== "object" || last === null || !("text" in last)) return undefined;
  return typeof last.text === "string" ? last.text : undefined;
}
