import type { ChatMessage } from "../protocol/chat-messages.ts";
import { TRANSCRIPT_MAX_MESSAGES } from "../protocol/limits.ts";
import type { ShopId } from "./shops.ts";

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  role: string;
  text: string;
}

/** The messages of one chat, in the Durable Object's own SQLite. */
export class Transcript {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      "CREATE TABLE IF NOT EXISTS message (seq INTEGER PRIMARY KEY AUTOINCREMENT, role TEXT NOT NULL, text TEXT NOT NULL, shop TEXT NOT NULL)",
    );
  }

  append(role: ChatMessage["role"], text: string, shop: ShopId): ChatMessage {
    const { seq } = this.#sql
      .exec<{ seq: number }>("INSERT INTO message (role, text, shop) VALUES (?, ?, ?) RETURNING seq", role, text, shop)
      .one();
    this.#sql.exec("DELETE FROM message WHERE seq <= ?", seq - TRANSCRIPT_MAX_MESSAGES);
    return { seq, role, text };
  }

  messages(): ChatMessage[] {
    const rows = this.#sql.exec<Row>("SELECT seq, role, text FROM message ORDER BY seq").toArray();
    return rows.map(({ seq, role, text }) => ({ seq, role: role === "visitor" ? "visitor" : "assistant", text }));
  }

  /** Where the visitor last wrote from. */
  lastShop(): string | undefined {
    return this.#sql
      .exec<{ shop: string }>("SELECT shop FROM message WHERE role = 'visitor' ORDER BY seq DESC LIMIT 1")
      .toArray()[0]?.shop;
  }
}
