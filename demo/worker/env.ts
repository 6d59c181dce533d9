import type { ChatSession } from "./chat-session.ts";

/** The Worker's bindings, as demo/wrangler.toml declares them. */
export interface Env {
  /** Chats, one Durable Object per session id. */
  readonly CHAT_SESSIONS: DurableObjectNamespace<ChatSession>;
  readonly HUB_ORIGIN: string;
  readonly TENANT: string;
}
