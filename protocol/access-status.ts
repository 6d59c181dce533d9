import type { FrameMessage } from "./messages.ts";

/** What the browser lets the hub do on a page, as part of every message. */
export type AccessStatus = Pick<FrameMessage, "access" | "reason">;

export const GRANTED: AccessStatus = { access: "granted", reason: "The hub can use its cookies on this page." };

export const BLOCKED: AccessStatus = {
  access: "blocked",
  reason: "This browser blocks the hub's cookies on this page.",
};
