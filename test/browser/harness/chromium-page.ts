import { writeFileSync } from "node:fs";
import type { CDPSession } from "puppeteer-core";
import type {
  ConsoleMessage,
  Cookie,
  Emulation,
  Frame,
  FrameMatch,
  FrameOptions,
  Page,
  PageRequest,
  Script,
  WaitOptions,
} from "./browser.ts";
import { recordConsole } from "./chromium-console.ts";
import { FrameTree } from "./chromium-frames.ts";
import { pointOf } from "./chromium-pointing.ts";
import { recordRequests } from "./chromium-requests.ts";
import { poll, within } from "./poll.ts";

export interface PageParts {
  session: CDPSession;
  /** The same as the id of the page's main frame. */
  targetId: string;
  hubOrigin: string;
  cookies: () => Promise<Cookie[]>;
  allPages: () => ChromiumPage[];
  close: () => Promise<unknown>;
}

const LOAD_TIMEOUT_MS = 15_000;

const KEYS = {
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Space: { key: " ", code: "Space", windowsVirtualKeyCode: 32, text: " " },
  Escape: { key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 },
};

/** A tab over the raw protocol. Every script runs with `userGesture: false`. */
export class ChromiumPage implements Page {
  readonly consoleMessages: ConsoleMessage[] = [];
  readonly requests: PageRequest[] = [];
  readonly #parts: PageParts;
  readonly #frames: FrameTree;
  readonly #main: Frame;
  readonly #ready: Promise<void>;
  readonly #sessions = new Set<CDPSession>();
  #media: { name: string; value: string }[] = [];
  #closed = false;
  #resolveGone: () => void = () => {};
  readonly #gone = new Promise<void>((resolve) => (this.#resolveGone = resolve));

  constructor(parts: PageParts) {
    this.#parts = parts;
    const requests = recordRequests(this.requests);
    this.#frames = new FrameTree(async (session) => {
      this.#sessions.add(session);
      requests(session);
      recordConsole(session, this.consoleMessages);
      await Promise.all([session.send("Network.enable"), session.send("Log.enable"), this.#applyMedia(session)]);
    });
    this.#main = this.#frameOf(parts.targetId);
    // A page that was closed at once is no failure of the harness; whoever uses it will hear of it.
    this.#ready = this.#frames.adopt(parts.session).catch(() => undefined);
  }

  get targetId(): string {
    return this.#parts.targetId;
  }

  url(): string {
    return this.#main.url();
  }

  async goto(url: string, options: WaitOptions = {}): Promise<void> {
    await this.#ready;
    const { href } = new URL(url);
    await this.#untilLoaded(href, options, async (load) => {
      const { errorText, loaderId } = await this.#parts.session.send("Page.navigate", {
        url: href,
      });
      if (errorText !== undefined) throw new Error(`Cannot open ${href}: ${errorText}`);
      // A new fragment loads nothing.
      await (loaderId === undefined ? poll(() => this.url() === href, { what: "the new fragment" }) : load);
    });
  }

  async reload(options: WaitOptions = {}): Promise<void> {
    await this.#untilLoaded(this.url(), options, async (load) => {
      await this.#parts.session.send("Page.reload");
      await load;
    });
  }

  async back(options: WaitOptions = {}): Promise<void> {
    const { session } = this.#parts;
    const { currentIndex, entries } = await session.send("Page.getNavigationHistory");
    const previous = entries[currentIndex - 1];
    if (previous === undefined) throw new Error("There is no page to go back to.");
    await session.send("Page.navigateToHistoryEntry", { entryId: previous.id });
    // A page out of the back/forward cache has no `load` event of its own.
    await poll(
      async () => {
        const now = await session.send("Page.getNavigationHistory");
        return (
          now.currentIndex === currentIndex - 1 &&
          this.#frames.evaluate<boolean>(this.#parts.targetId, `document.readyState === "complete"`)
        );
      },
      { ...options, what: `${previous.url} to come back` },
    );
  }

  eval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T> {
    return this.#main.eval(script, ...args);
  }

  waitFor<T>(script: Script<T, []>, options?: WaitOptions): Promise<T> {
    return this.#main.waitFor(script, options);
  }

  click(selector: string, options?: WaitOptions): Promise<void> {
    return this.#main.click(selector, options);
  }

  frameUrls(): string[] {
    return this.#frames.below(this.#parts.targetId).map(({ url }) => url);
  }

  async frame(
    match: FrameMatch = `${this.#parts.hubOrigin}/`,
    { nth = 0, timeoutMs }: FrameOptions = {},
  ): Promise<Frame> {
    const matches = typeof match === "string" ? (url: string) => url.startsWith(match) : match;
    const found = await poll(() => this.#frames.below(this.#parts.targetId).filter(({ url }) => matches(url))[nth], {
      timeoutMs,
      what: `frame ${nth} of ${typeof match === "string" ? match : "those wanted"} in ${this.url()}`,
    });
    return this.#frameOf(found.id);
  }

  async frameEval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T> {
    return (await this.frame()).eval(script, ...args);
  }

  async frameClick(selector: string, options?: WaitOptions): Promise<void> {
    await (await this.frame(undefined, options)).click(selector, options);
  }

  async press(key: keyof typeof KEYS): Promise<void> {
    const { session } = this.#parts;
    await session.send("Page.bringToFront");
    await session.send("Input.dispatchKeyEvent", { type: "keyDown", ...KEYS[key] });
    await this.#unlessClosed(session.send("Input.dispatchKeyEvent", { type: "keyUp", ...KEYS[key] }));
  }

  async popup(action: () => Promise<unknown>, options: WaitOptions = {}): Promise<Page> {
    const before = new Set(this.#parts.allPages());
    await action();
    const popup = await poll(() => this.#parts.allPages().find((page) => !before.has(page)), {
      ...options,
      what: "a popup",
    });
    await popup.waitFor(`location.href !== "about:blank" && document.readyState === "complete"`, options);
    return popup;
  }

  async emulate({ width, height, colorScheme, reducedMotion }: Emulation): Promise<void> {
    if (width !== undefined || height !== undefined) {
      await this.#parts.session.send("Emulation.setDeviceMetricsOverride", {
        width: width ?? 0,
        height: height ?? 0,
        deviceScaleFactor: 0,
        mobile: false,
      });
    }
    if (colorScheme !== undefined) this.#prefer("prefers-color-scheme", colorScheme);
    if (reducedMotion !== undefined) this.#prefer("prefers-reduced-motion", reducedMotion ? "reduce" : "no-preference");
    const attached = [...this.#sessions].filter((session) => !session.detached);
    await Promise.all(attached.map((session) => this.#applyMedia(session)));
  }

  cookies(): Promise<Cookie[]> {
    return this.#parts.cookies();
  }

  async screenshot(path: string): Promise<void> {
    await this.#parts.session.send("Page.bringToFront");
    const { data } = await this.#parts.session.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(path, data, "base64");
  }

  isClosed(): boolean {
    return this.#closed;
  }

  async waitForClose(options: WaitOptions = {}): Promise<void> {
    await within(this.#gone, { ...options, what: "the page to close" });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#unlessClosed(this.#parts.close());
    await this.waitForClose();
  }

  /** The browser says that the tab is gone. */
  wasClosed(): void {
    this.#closed = true;
    this.#resolveGone();
  }

  #frameOf(id: string): Frame {
    return {
      url: () => this.#frames.url(id),
      eval: async (script, ...args) => {
        await this.#ready;
        return this.#frames.evaluate(id, sourceOf(script, args));
      },
      waitFor: async <T>(script: Script<T, []>, options: WaitOptions = {}) => {
        await this.#ready;
        return poll(() => this.#frames.evaluate<T | undefined | false>(id, sourceOf(truthy(script), [])), {
          ...options,
          what: `${typeof script === "string" ? script : script.toString()} in ${this.#frames.url(id)}`,
        });
      },
      click: async (selector, options = {}) => {
        await this.#ready;
        await this.#parts.session.send("Page.bringToFront");
        const point = await pointOf(this.#frames, id, selector, options);
        const mouse = (type: "mouseMoved" | "mousePressed" | "mouseReleased") =>
          this.#parts.session.send("Input.dispatchMouseEvent", {
            type,
            ...point,
            button: type === "mouseMoved" ? "none" : "left",
            clickCount: type === "mouseMoved" ? 0 : 1,
          });
        await mouse("mouseMoved");
        await mouse("mousePressed");
        await this.#unlessClosed(mouse("mouseReleased"));
      },
    };
  }

  async #untilLoaded(
    url: string,
    { timeoutMs = LOAD_TIMEOUT_MS }: WaitOptions,
    navigate: (load: Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { promise, forget } = this.#frames.nextLoad(this.#parts.targetId);
    await within(navigate(promise), { timeoutMs, what: `${url} to load` }).finally(forget);
  }

  #prefer(name: string, value: string): void {
    this.#media = [...this.#media.filter((feature) => feature.name !== name), { name, value }];
  }

  async #applyMedia(session: CDPSession): Promise<void> {
    if (this.#media.length > 0) await session.send("Emulation.setEmulatedMedia", { features: this.#media });
  }

  /** A click or key may close the window before the browser has said that it was handled. */
  async #unlessClosed(sent: Promise<unknown>): Promise<void> {
    const answered = sent.catch((error: unknown) => {
      if (!this.#closed && !this.#parts.session.detached) throw error;
    });
    await Promise.race([answered, this.#gone]);
  }
}

function sourceOf<T, Args extends unknown[]>(script: Script<T, Args>, args: Args): string {
  if (typeof script === "string") return script;
  return `(${script.toString()})(${args.map((arg) => (arg === undefined ? "undefined" : JSON.stringify(arg))).join(", ")})`;
}

/** The script, with what is falsy made `undefined`. */
function truthy(script: Script<unknown, []>): string {
  const value = typeof script === "string" ? `(0, eval)(${JSON.stringify(script)})` : `(${script.toString()})()`;
  return `Promise.resolve(${value}).then((value) => value || undefined)`;
}
