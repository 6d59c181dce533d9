import fc from "fast-check";
import { isHandoffCode, isMintRequest, isRedeemRequest } from "../../../protocol/handoff.ts";
import { isConnect, isFrameMessage, isHello, isPageRequest } from "../../../protocol/messages.ts";
import { isPopupDone, isPopupReady, isPopupTask } from "../../../protocol/popup-messages.ts";
import type { Promises } from "../promises.ts";
import { ORACLE, SUBJECT } from "./message-oracle.ts";
import { messages } from "./messages.ts";
import { type Count, type FuzzTime, runProperty } from "./property.ts";

const GUARDS: Record<keyof typeof ORACLE, (data: unknown) => boolean> = {
  isHello,
  isConnect,
  isPageRequest,
  isFrameMessage,
  isPopupReady: (data) => isPopupReady(data, SUBJECT),
  isPopupTask: (data) => isPopupTask(data, SUBJECT),
  isPopupDone: (data) => isPopupDone(data, SUBJECT),
  isMintRequest,
  isRedeemRequest,
  isHandoffCode,
};

/** How many are tried before others have their turn: guards are quick, and wait for nobody. */
const BATCH = 200;

/** Messages of every kind: no guard throws, and each accepts what its oracle does. */
export function fuzzMessages(count: Count, time: FuzzTime, promises: Promises): Promise<void> {
  const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true });
  const batches = fc.array(messages(anything), { maxLength: BATCH });
  const property = fc.asyncProperty(batches, async (batch) => {
    for (const message of batch) tryMessage(message);
    count("messages to the guards", batch.length);
    await new Promise((resolve) => setImmediate(resolve));
  });

  function tryMessage(message: unknown): void {
    for (const [name, guard] of Object.entries(GUARDS)) {
      const isAccepted = guard(message);
      if (isAccepted) count(`messages that ${name} accepts`);
      if (isAccepted !== ORACLE[name as keyof typeof ORACLE](message)) {
        throw new Error(`${name} says ${isAccepted} of ${fc.stringify(message)}`);
      }
    }
  }

  return runProperty("guards accept what is of their message's shape, and nothing else", property, time, promises);
}
