import type { Engine, Wish } from "../harness/index.ts";
import { SHOP_A, SHOP_B } from "../harness/index.ts";

/** A browser in one of the states that visitors have it in: a row of the matrix. */
export type State = {
  readonly engine: Engine;
  readonly name: string;
  readonly wish: Wish;
  /** The visitor has been to the hub's own page, and clicked there. */
  readonly hasVisitedHub?: boolean;
  /** What the test presses in the browser's own prompt. */
  readonly answer?: "allow" | "deny";
};

const grants = [SHOP_A, SHOP_B];

export const STATES: readonly State[] = [
  { engine: "chromium", name: "Chromium, third-party cookies allowed", wish: { policy: "allow" } },
  { engine: "chromium", name: "Chromium, blocked", wish: { policy: "block" } },
  { engine: "chromium", name: "Chromium, blocked, hub visited before", wish: { policy: "block" }, hasVisitedHub: true },
  { engine: "chromium", name: "Chromium, blocked, access granted earlier", wish: { policy: "grant", grants } },
  { engine: "chromium", name: "Chromium, blocked, access refused earlier", wish: { policy: "deny", grants } },
  {
    engine: "firefox",
    name: "Firefox, standard protection, prompt allowed",
    wish: { engine: "firefox", policy: "grant" },
  },
  {
    engine: "firefox",
    name: "Firefox, standard protection, prompt refused",
    wish: { engine: "firefox", policy: "deny" },
  },
  { engine: "webkit", name: "WebKit, tracking prevention", wish: { engine: "webkit", policy: "block" } },
];
