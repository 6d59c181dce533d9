import { writeFileSync } from "node:fs";
import type { BiDi } from "./bidi.ts";
import type { Cookie, Emulation, Key, WaitOptions } from "./browser.ts";
import { chromeCookies, clickDoorhanger, pressInChrome, setChromePreference } from "./firefox-chrome.ts";
import type { Contexts } from "./firefox-contexts.ts";
import type { FrameInfo } from "./frame-list.ts";
import { LOAD_TIMEOUT_MS, PageBase } from "./page-base.ts";
import { placeOf } from "./pointing.ts";
import { poll, within } from "./poll.ts";
import { IS_LOADED } from "./script-source.ts";

export interface FirefoxPageParts {
  bidi: BiDi;
  contexts: Contexts;
  contextId: string;
  hubOrigin: string;
  allPages: () => FirefoxPage[];
}

const SCREEN = { width: 1000, height: 760 };

/** A tab over WebDriver BiDi. */
export class FirefoxPage extends PageBase {
  readonly #parts: FirefoxPageParts;
  protected readonly ready = Promise.resolve();

  constructor(parts: FirefoxPageParts) {
    super();
    this.#parts = parts;
  }

  get contextId(): string {
    return this.#parts.contextId;
  }

  async goto(url: string, { timeoutMs = LOAD_TIMEOUT_MS }: WaitOptions = {}): Promise<void> {
    const { href } = new URL(url);
    const navigation = this.#send("browsingContext.navigate", { url: href, wait: "complete" }).catch(
      (error: unknown) => {
        throw new Error(`Cannot open ${href}: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
    await within(this.#throughRedirects(navigation), { timeoutMs, what: `${href} to load` });
  }

  async reload({ timeoutMs = LOAD_TIMEOUT_MS }: WaitOptions = {}): Promise<void> {
    await within(this.#throughRedirects(this.#send("browsingContext.reload", { wait: "complete" })), {
      timeoutMs,
      what: `${this.url()} to load`,
    });
  }

  async back({ timeoutMs = LOAD_TIMEOUT_MS }: WaitOptions = {}): Promise<void> {
    await within(this.#send("browsingContext.traverseHistory", { delta: -1 }), { timeoutMs, what: "the page before" });
    await this.waitFor(IS_LOADED, { timeoutMs });
    this.#parts.contexts.noteUrl(this.id, await this.eval<string, []>("location.href"));
  }

  frameUrls(): string[] {
    return this.listFrames().map(({ url }) => url);
  }

  async press(key: Key): Promise<void> {
    await this.#send("browsingContext.activate");
    await this.unlessClosed(pressInChrome(this.#parts.bidi, key));
  }

  async emulate({ width, height, colorScheme, reducedMotion }: Emulation): Promise<void> {
    const { bidi } = this.#parts;
    if (width !== undefined || height !== undefined) {
      await this.#send("browsingContext.setViewport", {
        viewport: { width: width ?? SCREEN.width, height: height ?? SCREEN.height },
      });
    }
    if (colorScheme !== undefined) {
      await setChromePreference(
        bidi,
        "layout.css.prefers-color-scheme.content-override",
        colorScheme === "dark" ? 0 : 1,
      );
      await this.waitFor(`matchMedia("(prefers-color-scheme: ${colorScheme})").matches`);
    }
    if (reducedMotion !== undefined) {
      await setChromePreference(bidi, "ui.prefersReducedMotion", reducedMotion ? 1 : 0);
      await this.waitFor(
        `matchMedia("(prefers-reduced-motion: ${reducedMotion ? "reduce" : "no-preference"})").matches`,
      );
    }
  }

  cookies(): Promise<Cookie[]> {
    return chromeCookies(this.#parts.bidi);
  }

  async answerPrompt(answer: "allow" | "deny", options: WaitOptions = {}): Promise<void> {
    await clickDoorhanger(this.#parts.bidi, answer, options);
  }

  async screenshot(path: string): Promise<void> {
    await this.#send("browsingContext.activate");
    const { data } = await this.#send<{ data: string }>("browsingContext.captureScreenshot");
    writeFileSync(path, data, "base64");
  }

  protected get id(): string {
    return this.#parts.contextId;
  }

  protected get hubOrigin(): string {
    return this.#parts.hubOrigin;
  }

  protected urlOf(frameId: string): string {
    return this.#parts.contexts.url(frameId);
  }

  protected listFrames(): FrameInfo[] {
    return this.#parts.contexts.below(this.id);
  }

  protected listPages(): PageBase[] {
    return this.#parts.allPages();
  }

  protected evaluate<T>(frameId: string, source: string): Promise<T> {
    return this.#parts.contexts.evaluate(frameId, source);
  }

  protected async clickIn(frameId: string, selector: string, options: WaitOptions): Promise<void> {
    await this.#send("browsingContext.activate");
    const {
      inFrame: { x, y },
    } = await placeOf(this.#parts.contexts, frameId, selector, options);
    // Input at the page would not find its way into a frame of another process.
    await this.#act(frameId, {
      type: "pointer",
      id: "mouse",
      parameters: { pointerType: "mouse" },
      actions: [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y), origin: "viewport" },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ],
    });
  }

  protected closeNow(): Promise<unknown> {
    return this.#send("browsingContext.close");
  }

  async #act(context: string, source: object): Promise<void> {
    await this.unlessClosed(this.#send("input.performActions", { context, actions: [source] }));
  }

  #send<T>(method: string, params: object = {}): Promise<T> {
    return this.#parts.bidi.send<T>(method, { context: this.id, ...params });
  }

  /** A page that sends the visitor on while it loads breaks off its own navigation. */
  async #throughRedirects(navigation: Promise<unknown>): Promise<void> {
    try {
      await navigation;
    } catch (error) {
      if (!(error instanceof Error) || !/NS_BINDING_ABORTED|aborted|canceled/i.test(error.message)) throw error;
      await poll(() => this.evaluate<boolean>(this.id, IS_LOADED), {
        what: "the page to load",
      });
    }
  }
}
