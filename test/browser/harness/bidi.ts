import { EventEmitter } from "node:events";
import type { BiDiEvents } from "./bidi-events.ts";

interface Reply {
  id?: number | null;
  type: "success" | "error" | "event";
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: string;
  message?: string;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A WebDriver BiDi connection: commands with answers, and events. */
export class BiDi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #events = new EventEmitter();
  #lastId = 0;

  static async connect(url: string): Promise<BiDi> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve(), { once: true });
      socket.addEventListener("error", () => reject(new Error(`No connection to ${url}.`)), { once: true });
    });
    return new BiDi(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#events.setMaxListeners(0);
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data)) as Reply));
    socket.addEventListener("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The browser has ended the connection."));
      this.#waiting.clear();
    });
  }

  /** Rejects with the browser's own words when it refuses. */
  send<T = unknown>(method: string, params: object = {}): Promise<T> {
    if (this.#socket.readyState !== WebSocket.OPEN)
      return Promise.reject(new Error(`${method}: there is no connection to the browser any more.`));
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as T), reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  on<E extends keyof BiDiEvents>(event: E, listener: (params: BiDiEvents[E]) => void): void {
    this.#events.on(event, listener);
  }

  close(): void {
    this.#socket.close();
  }

  #receive({ id, type, method, params, result, error, message }: Reply): void {
    if (type === "event" && method !== undefined) {
      this.#events.emit(method, params);
      return;
    }
    const waiting = this.#waiting.get(id ?? 0);
    this.#waiting.delete(id ?? 0);
    if (type === "success") waiting?.resolve(result);
    else waiting?.reject(new Error(`${error}: ${message}`));
  }
}
