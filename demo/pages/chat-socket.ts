import { type ChatEvent, type PageMessage, parseChatEvent } from "../protocol/chat-messages.ts";

const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 8000;

export interface ChatSocketListener {
  onEvent(event: ChatEvent): void;
  onConnection(isOpen: boolean): void;
}

/** The WebSocket to the chat: comes back by itself, and keeps what was said meanwhile. */
export class ChatSocket {
  readonly #listener: ChatSocketListener;
  #socket: WebSocket | undefined;
  #waiting: PageMessage[] = [];
  #retryMs = RETRY_FIRST_MS;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(listener: ChatSocketListener) {
    this.#listener = listener;
    this.#connect();
  }

  /** Words typed while there was no connection, oldest first. */
  get unsent(): readonly string[] {
    return this.#waiting.flatMap((message) => (message.type === "say" ? [message.text] : []));
  }

  send(message: PageMessage): void {
    this.#waiting.push(message);
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    this.#socket?.close();
  }

  #connect(): void {
    const url = new URL("/chat", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (this.#closed) return;
      this.#retryMs = RETRY_FIRST_MS;
      this.#listener.onConnection(true);
    });
    socket.addEventListener("message", ({ data }) => {
      const event = typeof data === "string" ? parseChatEvent(data) : undefined;
      if (event === undefined || this.#closed) return;
      this.#listener.onEvent(event);
      // Only after the history is shown, so that the words just typed stay last.
      if (event.type === "history") this.#flush();
    });
    socket.addEventListener("close", () => {
      if (this.#closed) return;
      this.#listener.onConnection(false);
      this.#retryTimer = setTimeout(() => this.#connect(), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LONGEST_MS);
    });
  }

  #flush(): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    for (const message of this.#waiting.splice(0)) socket.send(JSON.stringify(message));
  }
}
