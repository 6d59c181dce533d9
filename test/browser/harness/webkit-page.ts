import { writeFileSync } from "node:fs";
import type { Cookie, Emulation, Key, WaitOptions } from "./browser.ts";
import type { FrameInfo } from "./frame-list.ts";
import { LOAD_TIMEOUT_MS, PageBase } from "./page-base.ts";
import { elementOf, placeOf } from "./pointing.ts";
import { poll, within } from "./poll.ts";
import { IS_LOADED } from "./script-source.ts";
import { elementId, type ElementReference, type WebDriver } from "./webdriver.ts";
import { WEBDRIVER_KEYS } from "./webdriver-keys.ts";
import { answerInfoBar } from "./webkit-prompt.ts";
import { WebKitFrames } from "./webkit-frames.ts";
import type { Screen } from "./xvfb.ts";

export interface WebKitPageParts {
  driver: WebDriver;
  screen: Screen;
  handle: string;
  hubOrigin: string;
  allPages: () => Promise<WebKitPage[]>;
}

const RESIZE_TIMEOUT_MS = 2_000;

/** WebDriver's own form of a cookie. */
interface DriverCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  /** Seconds since 1970. */
  expiry?: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite?: "Strict" | "Lax" | "None";
}

/** A tab over classic WebDriver, which knows no events: there is no console and no list of requests. */
export class WebKitPage extends PageBase {
  readonly #parts: WebKitPageParts;
  readonly #frames: WebKitFrames;
  protected readonly ready = Promise.resolve();

  constructor(parts: WebKitPageParts) {
    super();
    this.#parts = parts;
    this.#frames = new WebKitFrames(parts.driver, parts.handle);
  }

  get handle(): string {
    return this.#parts.handle;
  }

  async goto(url: string, options: WaitOptions = {}): Promise<void> {
    const { href } = new URL(url);
    const before = await this.eval(() => performance.timeOrigin);
    await this.#load("/url", { url: href }, href, options);
    // WebKit stays where it is when a page cannot be had, and the driver does not say so. A new fragment stays, too.
    const isNew = (await this.eval(() => performance.timeOrigin)) !== before;
    if (!isNew && !(href.includes("#") && this.url() === href)) throw new Error(`Cannot open ${href}.`);
  }

  async reload(options: WaitOptions = {}): Promise<void> {
    await this.#load("/refresh", {}, this.url(), options);
  }

  async back(options: WaitOptions = {}): Promise<void> {
    await this.#load("/back", {}, "the page before", options);
  }

  frameUrls(): string[] {
    throw new Error("WebKit has no frameUrls: a page hears of its frames only when it asks, as page.frame() does.");
  }

  async press(key: Key): Promise<void> {
    const value = WEBDRIVER_KEYS[key];
    const keys = {
      type: "key",
      id: "keyboard",
      actions: [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ],
    };
    await this.unlessClosed(this.#frames.whereFocused(() => this.#parts.driver.post("/actions", { actions: [keys] })));
  }

  async emulate({ width, height, colorScheme, reducedMotion }: Emulation): Promise<void> {
    if (colorScheme !== undefined || reducedMotion !== undefined)
      throw new Error("WebKit cannot emulate colorScheme and reducedMotion: there is no command for it.");
    const inner = await this.eval<{ width: number; height: number }, []>(
      `({ width: innerWidth, height: innerHeight })`,
    );
    const wanted = { width: width ?? inner.width, height: height ?? inner.height };
    await this.#frames.inFrame(this.id, async () => {
      const window = await this.#parts.driver.get<{ width: number; height: number }>("/window/rect");
      await this.#parts.driver.post("/window/rect", {
        width: window.width + wanted.width - inner.width,
        height: window.height + wanted.height - inner.height,
      });
    });
    const isSo = `innerWidth === ${wanted.width} && innerHeight === ${wanted.height}`;
    await this.waitFor(isSo, { timeoutMs: RESIZE_TIMEOUT_MS }).catch(() => {
      throw new Error(
        `WebKit cannot be ${wanted.width} × ${wanted.height}: MiniBrowser's toolbar wants some 450 pixels.`,
      );
    });
  }

  async cookies(): Promise<Cookie[]> {
    const cookies = await this.#frames.inFrame(this.id, () => this.#parts.driver.get<DriverCookie[]>("/cookie"));
    return cookies.map(({ name, value, domain, path, expiry, httpOnly, secure, sameSite }) => ({
      name,
      value,
      domain,
      path,
      expires: expiry ?? -1,
      httpOnly,
      secure,
      sameSite,
      partition: undefined,
    }));
  }

  async answerPrompt(answer: "allow" | "deny", options: WaitOptions = {}): Promise<void> {
    await answerInfoBar(this, this.#parts.screen, answer, options);
  }

  async screenshot(path: string): Promise<void> {
    // Frames are painted last.
    const painted = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))";
    for (const { id } of await this.listFrames()) await this.evaluate(id, painted).catch(() => undefined);
    const data = await this.#frames.inFrame(this.id, () => this.#parts.driver.get<string>("/screenshot"));
    writeFileSync(path, data, "base64");
  }

  protected get id(): string {
    return this.#frames.top;
  }

  protected get hubOrigin(): string {
    return this.#parts.hubOrigin;
  }

  protected urlOf(frameId: string): string {
    return this.#frames.url(frameId);
  }

  protected listFrames(): Promise<FrameInfo[]> {
    return this.#frames.list();
  }

  protected listPages(): Promise<PageBase[]> {
    return this.#parts.allPages();
  }

  protected evaluate<T>(frameId: string, source: string): Promise<T> {
    return this.#frames.evaluate(frameId, source);
  }

  protected async clickIn(frameId: string, selector: string, options: WaitOptions): Promise<void> {
    await placeOf(this.#frames, frameId, selector, options);
    const click = this.#frames.inFrame(frameId, async () => {
      const element = await this.#parts.driver.post<ElementReference>("/execute/sync", {
        script: `return (${elementOf.toString()})(arguments[0]);`,
        args: [selector],
      });
      await this.#parts.driver.post(`/element/${elementId(element)}/click`);
    });
    await this.unlessClosed(click);
  }

  protected closeNow(): Promise<unknown> {
    return this.#frames.inFrame(this.id, async () => {
      this.#parts.driver.place = undefined;
      await this.#parts.driver.delete("/window");
    });
  }

  async #load(
    command: string,
    body: object,
    what: string,
    { timeoutMs = LOAD_TIMEOUT_MS }: WaitOptions,
  ): Promise<void> {
    const loading = this.#frames.inFrame(this.id, () => this.#parts.driver.post(command, body));
    await within(loading, { timeoutMs, what: `${what} to load` }).catch((error: unknown) => {
      throw new Error(`Cannot open ${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
    await poll(() => this.evaluate<boolean>(this.id, IS_LOADED), {
      timeoutMs,
      what: `${what} to load`,
    });
  }
}
