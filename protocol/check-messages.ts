/**
 * What the check page says to itself: its small window to the frame that opened it, both of the hub's origin. That it arrives at all
 * shows that the site keeps its windows together.
 */
import { fieldsOf } from "./messages.ts";

export type CheckWindow = {
  readonly type: "carryover:check-window";
  /** Whether the hub's cookies work where the hub is the top-level site. */
  readonly cookies: boolean;
};

export function isCheckWindow(data: unknown): data is CheckWindow {
  const { type, cookies } = fieldsOf(data);
  return type === "carryover:check-window" && typeof cookies === "boolean";
}
