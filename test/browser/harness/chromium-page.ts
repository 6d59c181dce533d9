import { writeFileSync } from "node:fs";
import type { CDPSession } from "puppeteer-core";
import type { ClickOptions, Cookie, Emulation, Key, WaitOptions } from "./browser.ts";
import { recordConsole } from "./chromium-console.ts";
import { FrameTree } from "./chromium-frames.ts";
import { chromiumPointing } from "./chromium-pointing.ts";
import { recordRequests } from "./chromium-requests.ts";
import type { FrameInfo } from "./frame-list.ts";
import { LOAD_TIMEOUT_MS, PageBase } from "./page-base.ts";
import { placeOf } from "./pointing.ts";
import { poll, within } from "./poll.ts";
import { IS_LOADED } from "./script-source.ts";

export interface PageParts {
  session: CDPSession;
  /** The same as the id of the page's main frame. */
  targetId: string;
  hubOrigin: string;
  cookies: () => Promise<Cookie[]>;
  allPages: () => ChromiumPage[];
  close: () => Promise<unknown>;
}

const KEYS: Readonly<Record<Key, { key: string; code: string; windowsVirtualKeyCode: number; text?: string }>> = {
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Space: { key: " ", code: "Space", windowsVirtualKeyCode: 32, text: " " },
  Escape: { key: "Escape", code: "Escape", windowsVirtualKeyCode: 27 },
};

/** Bits of the protocol. */
const MODIFIERS = { ctrl: 2, shift: 8 };

const DRAG_STEP_PX = 5;

const NEXT_POINTER_MOVE = `new Promise((resolve) => addEventListener("pointermove", () => resolve(true), { capture: true, once: true }))`;

/** A tab over the raw protocol. Every script runs with `userGesture: false`. */
export class ChromiumPage extends PageBase {
  readonly #parts: PageParts;
  readonly #frames: FrameTree;
  protected readonly ready: Promise<void>;
  readonly #sessions = new Set<CDPSession>();
  #media: { name: string; value: string }[] = [];

  constructor(parts: PageParts) {
    super();
    this.#parts = parts;
    const requests = recordRequests(this.requests);
    this.#frames = new FrameTree(async (session) => {
      this.#sessions.add(session);
      requests(session);
      recordConsole(session, this.consoleMessages);
      await Promise.all([session.send("Network.enable"), session.send("Log.enable"), this.#applyMedia(session)]);
    });
    // A page that was closed at once is no failure of the harness; whoever uses it will hear of it.
    this.ready = this.#frames.adopt(parts.session).catch(() => undefined);
  }

  get targetId(): string {
    return this.#parts.targetId;
  }

  async goto(url: string, options: WaitOptions = {}): Promise<void> {
    await this.ready;
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
        return now.currentIndex === currentIndex - 1 && this.#frames.evaluate<boolean>(this.#parts.targetId, IS_LOADED);
      },
      { ...options, what: `${previous.url} to come back` },
    );
  }

  frameUrls(): string[] {
    return this.listFrames().map(({ url }) => url);
  }

  async press(key: Key): Promise<void> {
    const { session } = this.#parts;
    await session.send("Page.bringToFront");
    await session.send("Input.dispatchKeyEvent", { type: "keyDown", ...KEYS[key] });
    await this.unlessClosed(session.send("Input.dispatchKeyEvent", { type: "keyUp", ...KEYS[key] }));
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

  async answerPrompt(): Promise<void> {
    throw new Error(
      "Chromium has no answerPrompt: headless, it shows no prompt and refuses. Launch it with grant or deny.",
    );
  }

  async screenshot(path: string): Promise<void> {
    await this.#parts.session.send("Page.bringToFront");
    const { data } = await this.#parts.session.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(path, data, "base64");
  }

  protected get id(): string {
    return this.#parts.targetId;
  }

  protected get hubOrigin(): string {
    return this.#parts.hubOrigin;
  }

  protected urlOf(frameId: string): string {
    return this.#frames.url(frameId);
  }

  protected listFrames(): FrameInfo[] {
    return this.#frames.below(this.id);
  }

  protected listPages(): PageBase[] {
    return this.#parts.allPages();
  }

  protected evaluate<T>(frameId: string, source: string): Promise<T> {
    return this.#frames.evaluate(frameId, source);
  }

  protected async clickIn(frameId: string, selector: string, options: ClickOptions): Promise<void> {
    await this.#parts.session.send("Page.bringToFront");
    const { inPage } = await placeOf(chromiumPointing(this.#frames), frameId, selector, options);
    let isDown = false;
    const mouse = (type: "mouseMoved" | "mousePressed" | "mouseReleased", { x, y } = inPage) =>
      this.#parts.session.send("Input.dispatchMouseEvent", {
        type,
        x,
        y,
        button: type === "mouseMoved" && !isDown ? "none" : (options.button ?? "left"),
        // Moves are a drag only with the button among those that are down.
        ...(isDown && type === "mouseMoved" && { buttons: 1 }),
        modifiers: options.modifier === undefined ? 0 : MODIFIERS[options.modifier],
        clickCount: type === "mouseMoved" ? 0 : 1,
      });
    // The browser's map of which frame is where may be older than the documents: a click would go to the page behind.
    let isFelt = false;
    const felt = this.#frames.evaluate(frameId, NEXT_POINTER_MOVE).then(() => (isFelt = true));
    await Promise.all([
      felt,
      poll(
        async () => {
          await mouse("mouseMoved", { x: inPage.x + 1, y: inPage.y });
          await mouse("mouseMoved");
          return isFelt;
        },
        { ...options, what: `the pointer to reach ${selector}` },
      ),
    ]);
    await new Promise((resolve) => setTimeout(resolve, options.restMs ?? 0));
    await mouse("mousePressed");
    isDown = true;
    await new Promise((resolve) => setTimeout(resolve, options.holdMs ?? 0));
    for (let moved = 0; moved < (options.dragPx ?? 0); moved += DRAG_STEP_PX)
      await mouse("mouseMoved", { x: inPage.x + moved, y: inPage.y });
    await this.unlessClosed(mouse("mouseReleased", { x: inPage.x + (options.dragPx ?? 0), y: inPage.y }));
  }

  protected closeNow(): Promise<unknown> {
    return this.#parts.close();
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
}
