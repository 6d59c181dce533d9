import { afterAll, beforeAll, describe } from "vitest";
import { type Browser, type Engine, type Page, type World, missingEngine } from "../harness/index.ts";
import { BLOCKED, startOnA } from "../linked-shops.ts";

/** A visitor's chat on shop A, in one tab for all tests, in a browser that blocks the hub's cookies. There within tests. */
export type ChatOnA = { browser: Browser; page: Page; name: string };

/** The session of that chat. */
export const BEGUN_ON_A = "begun-on-a";

/** Runs the tests in each of the engines, which is started once for all of them. */
export function withChatOnA(world: () => World, what: string, tests: (chat: ChatOnA, engine: Engine) => void): void {
  for (const engine of ["chromium", "firefox", "webkit"] as const satisfies Engine[]) {
    const missing = missingEngine(engine);
    describe.skipIf(missing)(`in ${engine}, ${what}${missing}`, () => {
      const chat = {} as ChatOnA;
      beforeAll(async () => {
        chat.browser = await world().launch(BLOCKED[engine]);
        Object.assign(chat, await startOnA(chat.browser, BEGUN_ON_A));
      });
      afterAll(() => chat.browser?.close());
      tests(chat, engine);
    });
  }
}
