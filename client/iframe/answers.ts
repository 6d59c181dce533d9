import type { Answer } from "../../protocol/messages.ts";

/** Where storage access stands, as part of every answer. */
export type Standing = Pick<Answer, "access" | "reason">;

export function answer(id: number, standing: Standing, particulars: Partial<Answer> = {}): Answer {
  const ok = standing.access === "granted";
  return { type: "answer", id, ...standing, ok, session: null, digest: null, owed: null, ...particulars };
}
