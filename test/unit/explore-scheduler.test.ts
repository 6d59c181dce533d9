import { describe, expect, test } from "vitest";
import { type Choose, type WorldEvent, createScheduler } from "../explore/world/scheduler.ts";

type Planned = Partial<WorldEvent> & { readonly name: string };

/** @returns the order in which events happen */
async function orderOf(planned: readonly Planned[], choose: Choose = () => 0): Promise<string[]> {
  const order: string[] = [];
  const scheduler = createScheduler({
    startMs: 0,
    choose,
    maxSteps: 100,
    beforeStep() {},
    afterStep() {},
    isStopped: () => false,
    onEndless() {},
  });
  for (const { name, ...event } of planned) {
    scheduler.add({
      kind: "network",
      channel: name,
      label: () => name,
      isAlive: () => true,
      run: () => void order.push(name),
      ...event,
    });
  }
  await scheduler.runToRest();
  return order;
}

describe("the explorer's scheduler", () => {
  test("by default does what was begun first, then lets visitors act, then time pass", async () => {
    const order = await orderOf([
      { name: "timeout", kind: "timer", dueMs: 5000 },
      { name: "visitor", kind: "action" },
      { name: "answer" },
      { name: "message", kind: "local" },
    ]);
    expect(order).toEqual(["answer", "message", "visitor", "timeout"]);
  });

  test("keeps the order of a channel, whatever is picked", async () => {
    const events = ["one", "two", "three"].map((name) => ({ name, channel: "port" }));
    expect(await orderOf([...events, { name: "other" }], (candidates) => candidates.length - 1)).toEqual([
      "other",
      "one",
      "two",
      "three",
    ]);
  });

  test("lets the network be slower than a timer, and a message not", async () => {
    const pickTimer: Choose = (candidates) => candidates.findIndex(({ event }) => event.kind === "timer");
    const timer = { name: "timeout", kind: "timer", dueMs: 5000 } as const;
    expect(await orderOf([{ name: "answer" }, timer], pickTimer)).toEqual(["timeout", "answer"]);
    expect(await orderOf([{ name: "message", kind: "local" }, timer], () => 1)).toEqual(["message", "timeout"]);
  });

  test("drops what reaches nobody any more", async () => {
    expect(await orderOf([{ name: "message", isAlive: () => false }, { name: "answer" }])).toEqual(["answer"]);
  });
});
