import { DurableObject } from "cloudflare:workers";
import { type ChatEvent, parsePageMessage } from "../protocol/chat-messages.ts";
import {
  FRAME_MAX_BYTES,
  MESSAGES_PER_WINDOW,
  RATE_WINDOW_MS,
  SOCKETS_PER_SESSION,
  TRANSCRIPT_IDLE_MS,
} from "../protocol/limits.ts";
import { answer } from "./assistant.ts";
import type { Env } from "./env.ts";
import type { ShopId } from "./shops.ts";
import { Transcript } from "./transcript.ts";

/** Close codes 4000–4999 are the application's own. */
const CLOSE_ENDED = 4000;
const CLOSE_BAD_FRAME = 4001;

/** Long enough to see the assistant "type", short enough not to wait for it. */
const REPLY_DELAY_MS = 500;

/**
 * One visitor's chat: the transcript, and every tab that shows it, whichever shop the tab is on.
 * The sockets hibernate: between messages nothing runs and nothing is held in memory that matters.
 */
export class ChatSession extends DurableObject<Env> {
  /** Absent once the chat has ended: replies still on their way must not revive it. */
  #transcript: Transcript | undefined;
  #recent: number[] = [];

  override async fetch(request: Request): Promise<Response> {
    if (this.ctx.getWebSockets().length >= SOCKETS_PER_SESSION) {
      return new Response("Too many tabs.\n", { status: 429 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [request.headers.get("X-Demo-Shop") === "shop-b" ? "shop-b" : "shop-a"]);
    send(server, { type: "history", messages: this.#open().messages() });
    await this.#keep();
    return new Response(null, { status: 101, webSocket: client });
  }

  override async webSocketMessage(socket: WebSocket, frame: string | ArrayBuffer): Promise<void> {
    // A string has at least as many bytes as characters: the cheap comparison comes first.
    if (typeof frame !== "string" || frame.length > FRAME_MAX_BYTES || byteLength(frame) > FRAME_MAX_BYTES) {
      socket.close(CLOSE_BAD_FRAME, "frame too large or not text");
      return;
    }
    const message = parsePageMessage(frame);
    if (message === undefined) {
      socket.close(CLOSE_BAD_FRAME, "not a chat message");
      return;
    }
    if (message.type === "end") return this.#end();
    if (this.#isTooFast()) {
      send(socket, { type: "refused", reason: "That was a lot at once. Please wait a few seconds." });
      return;
    }
    await this.#say(socket, message.text);
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  /** Nobody wrote for a week. */
  override async alarm(): Promise<void> {
    await this.#end();
  }

  async #say(socket: WebSocket, text: string): Promise<void> {
    const transcript = this.#open();
    const shop: ShopId = this.ctx.getTags(socket)[0] === "shop-b" ? "shop-b" : "shop-a";
    const cameFrom = transcript.lastShop();
    this.#broadcast({ type: "message", message: transcript.append("visitor", text, shop) }, socket);
    await this.#keep();

    const reply = answer(text, { shop, movedShop: cameFrom !== undefined && cameFrom !== shop });
    await scheduler.wait(REPLY_DELAY_MS);
    if (this.#transcript !== transcript) return;
    this.#broadcast({ type: "message", message: transcript.append("assistant", reply, shop) });
  }

  async #end(): Promise<void> {
    this.#transcript = undefined;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.#broadcast({ type: "ended" });
    for (const socket of this.ctx.getWebSockets()) socket.close(CLOSE_ENDED, "chat ended");
  }

  /** Starts the week anew. */
  #keep(): Promise<void> {
    return this.ctx.storage.setAlarm(Date.now() + TRANSCRIPT_IDLE_MS);
  }

  #open(): Transcript {
    this.#transcript ??= new Transcript(this.ctx.storage.sql);
    return this.#transcript;
  }

  #isTooFast(): boolean {
    const now = Date.now();
    this.#recent = this.#recent.filter((time) => now - time < RATE_WINDOW_MS);
    if (this.#recent.length >= MESSAGES_PER_WINDOW) return true;
    this.#recent.push(now);
    return false;
  }

  #broadcast(event: ChatEvent, except?: WebSocket): void {
    for (const socket of this.ctx.getWebSockets()) {
      if (socket !== except) send(socket, event);
    }
  }
}

function send(socket: WebSocket, event: ChatEvent): void {
  try {
    socket.send(JSON.stringify(event));
  } catch {
    // The tab went away between two lines of ours; its next connection gets the whole history.
  }
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
