import type { FrameMessage } from "../../protocol/messages.ts";

/** What the browser lets the hub do here, as part of every message. */
export type AccessStatus = Pick<FrameMessage, "access" | "reason">;
