/**
 * What the check page says to itself: its popup to the frame that opened it, both of the hub's origin. That it arrives at all shows
 * that the site keeps its windows together. The nonce shows that it is of this frame's window and tenant: only the two know it.
 */
import { fieldsOf } from "./messages.ts";

export type CheckWindow = {
  readonly type: "carryover:check-window";
  readonly tenant: string;
  readonly nonce: string;
  /** Whether the hub's cookies work where the hub is the top-level site. */
  readonly cookies: boolean;
};

export function isCheckWindow(data: unknown, expected: Pick<CheckWindow, "tenant" | "nonce">): data is CheckWindow {
  const { type, tenant, nonce, cookies } = fieldsOf(data);
  return (
    type === "carryover:check-window" &&
    tenant === expected.tenant &&
    nonce === expected.nonce &&
    typeof cookies === "boolean"
  );
}
