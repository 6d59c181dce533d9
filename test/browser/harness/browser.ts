import type { Engine } from "../../../scripts/browsers/ensure-engine.ts";

/**
 * What a test asks of a browser, whichever engine it is.
 *
 * Nothing but `click`, `press` and their frame forms gives a page user activation: scripts run without it, as the page's own would.
 */

export type { Engine };

/** What each engine can be told to do with third-party cookies and `requestStorageAccess()`. */
export interface Policies {
  /**
   * - `allow`: third-party cookies are allowed.
   * - `block`: they are blocked; nobody has been asked.
   * - `grant`: blocked, and the visitor has allowed the hub on the shops in `grants`.
   * - `deny`: blocked, and the visitor has refused the hub on the shops in `grants`.
   */
  chromium: "allow" | "block" | "grant" | "deny";
  /**
   * - `default`: as shipped: cookies are partitioned, and where the hub was visited the first few requests are granted without a prompt.
   * - `block`: partitioned, and a prompt that waits for `answerPrompt`.
   * - `grant`: partitioned, and every prompt is answered with yes.
   * - `deny`: partitioned, and every prompt is answered with no.
   * - `allow`: third-party cookies are allowed.
   */
  firefox: "default" | "block" | "grant" | "deny" | "allow";
  /**
   * - `block`: Intelligent Tracking Prevention; nobody answers a prompt.
   * - `prompt`: the same, where the test answers by `answerPrompt`.
   * - `allow`: third-party cookies are allowed.
   */
  webkit: "block" | "prompt" | "allow";
}

export type Policy<E extends Engine = "chromium"> = Policies[E];

/** Which browser a test wants. */
export type Wish =
  | {
      /** The default. */
      engine?: "chromium";
      policy: Policy;
      /** Shop origins that `grant` and `deny` are about. */
      grants?: readonly string[];
    }
  | { engine: "firefox"; policy: Policy<"firefox"> }
  | { engine: "webkit"; policy: Policy<"webkit"> };

/** What a browser sees of the world. */
export interface Surroundings {
  proxyPort: number;
  hubOrigin: string;
  /** Of the certificate that the test sites show. */
  publicKeyHash: string;
}

export interface LaunchOptions extends Surroundings {
  policy: Policy;
  grants?: readonly string[];
}

export interface Browser {
  engine: Engine;
  /** As the browser tells it, e.g. `Chrome/156.0.7421.3`. */
  version: string;
  /** Opens a tab and waits for the page's `load` event. */
  open(url: string): Promise<Page>;
  /** Every tab and popup that is open, oldest first. */
  pages(): Page[];
  /** Every cookie of every site. WebKit cannot tell, and rejects: see `Page.cookies`. */
  cookies(): Promise<Cookie[]>;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

export interface WaitOptions {
  /** Default 10,000, unless said otherwise. */
  timeoutMs?: number;
}

/** All but the timeout in Chromium alone. */
export interface ClickOptions extends WaitOptions {
  button?: "left" | "middle";
  /** With Ctrl, or Shift, held down. */
  modifier?: "ctrl" | "shift";
  /** How long the pointer rests there before the button is pressed. Default 0. */
  restMs?: number;
  /** How long the button is held down, as a hand does. Default 0. */
  holdMs?: number;
  /** How many pixels the pointer is moved to the right while the button is down: a drag. Default 0. */
  dragPx?: number;
}

/** A function is sent as source: it sees its arguments (JSON) and the document's globals, nothing of the test's. A string is a script. */
export type Script<T, Args extends unknown[]> = string | ((...args: Args) => T | Promise<T>);

export interface Scope {
  /** The value of a script, awaited if it is a promise. Rejects with what the script throws, when the document is left meanwhile, or after 10 s. */
  eval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T>;
  /** Scrolls to the element and clicks it with the mouse, once it lies still and nothing covers it. `a >>> b` looks for b in a's shadow root. */
  click(selector: string, options?: ClickOptions): Promise<void>;
  /** Asks again, also across navigations, until the script's value is truthy, and resolves with it. */
  waitFor<T>(script: Script<T, []>, options?: WaitOptions): Promise<T>;
}

export interface Frame extends Scope {
  /** As it is now, in WebKit as of the last command; `chrome-error:` and the like where the browser shows an error instead. */
  url(): string;
}

/** Picks a frame by the start of its URL, or by a test of it. */
export type FrameMatch = string | ((url: string) => boolean);

export interface FrameOptions extends WaitOptions {
  /** Of the frames that match, in the order they came to be. Default 0. */
  nth?: number;
}

export interface Page extends Scope {
  url(): string;
  /** Navigates and waits for `load`, at most 15 s. Rejects when the browser cannot reach the page. */
  goto(url: string, options?: WaitOptions): Promise<void>;
  reload(options?: WaitOptions): Promise<void>;
  /** Goes back in the history, by the back/forward cache where the browser does so. */
  back(options?: WaitOptions): Promise<void>;
  /** The URLs of every frame below the page's own. */
  frameUrls(): string[];
  /** The first frame that matches, or the `nth`, once there is one. Default: the hub's. */
  frame(match?: FrameMatch, options?: FrameOptions): Promise<Frame>;
  /** `eval` in the hub's frame. */
  frameEval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T>;
  /** `click` in the hub's frame. */
  frameClick(selector: string, options?: WaitOptions): Promise<void>;
  /** Presses a key where the focus is. */
  press(key: Key): Promise<void>;
  /** Does something, and resolves with the window it opens, once that has loaded. */
  popup(action: () => Promise<unknown>, options?: WaitOptions): Promise<Page>;
  /** Size and preferences of the visitor, for this page and its frames. In Firefox preferences hold for the whole browser; WebKit knows the size only. */
  emulate(wishes: Emulation): Promise<void>;
  /** Every cookie of every site; in WebKit those that the page's own document is sent. */
  cookies(): Promise<Cookie[]>;
  /** Waits for the browser's own storage access prompt and clicks its button. Chromium shows none here, and rejects. */
  answerPrompt(answer: "allow" | "deny", options?: WaitOptions): Promise<void>;
  /**
   * Everything the page and its frames have had on the console, uncaught errors included; in Chromium the browser's own
   * notices, too. Always empty in WebKit.
   */
  readonly consoleMessages: readonly ConsoleMessage[];
  /** Every request of the page and its frames, in the order they were made. Always empty in WebKit: the sites' log has them. */
  readonly requests: readonly PageRequest[];
  /** Writes a PNG of the viewport. */
  screenshot(path: string): Promise<void>;
  isClosed(): boolean;
  waitForClose(options?: WaitOptions): Promise<void>;
  close(): Promise<void>;
}

export type Key = "Tab" | "Enter" | "Space" | "Escape";

export interface Emulation {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  reducedMotion?: boolean;
}

export interface Cookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Seconds since 1970; `-1` for one that ends with the browser. */
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Strict" | "Lax" | "None" | undefined;
  /** The top-level site that a partitioned cookie belongs to. */
  partition: string | undefined;
}

export interface ConsoleMessage {
  /** `log`, `warning`, `error`, … as the console calls it; `exception` for an uncaught error. */
  type: string;
  text: string;
}

export interface PageRequest {
  url: string;
  method: string;
  /** `Document`, `Script`, `Fetch`, … */
  type: string;
  fromCache: boolean;
  /** What was sent, if it is text; Chromium alone tells. */
  body?: string;
  /** Once there is an answer. */
  status?: number;
  /** The browser's reason, once there can be none. */
  failure?: string;
}
