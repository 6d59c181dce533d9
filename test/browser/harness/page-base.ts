import type {
  ConsoleMessage,
  ClickOptions,
  Cookie,
  Emulation,
  Frame,
  FrameMatch,
  FrameOptions,
  Key,
  Page,
  PageRequest,
  Script,
  WaitOptions,
} from "./browser.ts";
import type { FrameInfo } from "./frame-list.ts";
import { poll, within } from "./poll.ts";
import { IS_LOADED, sourceOf } from "./script-source.ts";

export const LOAD_TIMEOUT_MS = 15_000;
/** The first request after the launch can take 5 s on a small machine. */
export const FIRST_LOAD_TIMEOUT_MS = 20_000;

/** What the pages of every engine have in common: it is made of scripts, frames and clicks, which each engine does its own way. */
export abstract class PageBase implements Page {
  readonly consoleMessages: ConsoleMessage[] = [];
  readonly requests: PageRequest[] = [];
  #closed = false;
  #resolveGone: () => void = () => {};
  readonly #gone = new Promise<void>((resolve) => (this.#resolveGone = resolve));

  /** Of the main frame. */
  protected abstract readonly id: string;
  protected abstract readonly hubOrigin: string;
  /** Resolves once scripts can run in the page. */
  protected abstract readonly ready: Promise<unknown>;
  protected abstract urlOf(frameId: string): string;
  /** Every frame below the main one, oldest first. */
  protected abstract listFrames(): FrameInfo[] | Promise<FrameInfo[]>;
  /** Every page of the browser. */
  protected abstract listPages(): PageBase[] | Promise<PageBase[]>;
  /** Runs a script without user activation. */
  protected abstract evaluate<T>(frameId: string, source: string): Promise<T>;
  protected abstract clickIn(frameId: string, selector: string, options: ClickOptions): Promise<void>;
  protected abstract closeNow(): Promise<unknown>;

  abstract goto(url: string, options?: WaitOptions): Promise<void>;
  abstract reload(options?: WaitOptions): Promise<void>;
  abstract back(options?: WaitOptions): Promise<void>;
  abstract frameUrls(): string[];
  abstract press(key: Key): Promise<void>;
  abstract emulate(wishes: Emulation): Promise<void>;
  abstract cookies(): Promise<Cookie[]>;
  abstract answerPrompt(answer: "allow" | "deny", options?: WaitOptions): Promise<void>;
  abstract screenshot(path: string): Promise<void>;

  url(): string {
    return this.urlOf(this.id);
  }

  eval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T> {
    return this.frameOf(this.id).eval(script, ...args);
  }

  waitFor<T>(script: Script<T, []>, options?: WaitOptions): Promise<T> {
    return this.frameOf(this.id).waitFor(script, options);
  }

  click(selector: string, options?: ClickOptions): Promise<void> {
    return this.frameOf(this.id).click(selector, options);
  }

  async frame(match: FrameMatch = `${this.hubOrigin}/`, { nth = 0, timeoutMs }: FrameOptions = {}): Promise<Frame> {
    const matches = typeof match === "string" ? (url: string) => url.startsWith(match) : match;
    const found = await poll(async () => (await this.listFrames()).filter(({ url }) => matches(url))[nth], {
      timeoutMs,
      what: `frame ${nth} of ${typeof match === "string" ? match : "those wanted"} in ${this.url()}`,
    });
    return this.frameOf(found.id);
  }

  async frameEval<T, Args extends unknown[]>(script: Script<T, Args>, ...args: Args): Promise<T> {
    return (await this.frame()).eval(script, ...args);
  }

  async frameClick(selector: string, options?: WaitOptions): Promise<void> {
    await (await this.frame(undefined, options)).click(selector, options);
  }

  async popup(action: () => Promise<unknown>, options: WaitOptions = {}): Promise<Page> {
    const before = new Set(await this.listPages());
    await action();
    const popup = await poll(async () => (await this.listPages()).find((page) => !before.has(page)), {
      ...options,
      what: "a popup",
    });
    const isLoaded = `location.href !== "about:blank" && ${IS_LOADED}`;
    // The hub's popup may have done its work, and closed itself, before it can be asked.
    await popup.unlessClosed(popup.waitFor(isLoaded, options));
    return popup;
  }

  isClosed(): boolean {
    return this.#closed;
  }

  async waitForClose(options: WaitOptions = {}): Promise<void> {
    await within(this.#gone, { ...options, what: "the page to close" });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.unlessClosed(this.closeNow());
    await this.waitForClose();
  }

  /** The browser says that the tab is gone. */
  wasClosed(): void {
    this.#closed = true;
    this.#resolveGone();
  }

  /** A click or key may close the window before the browser has said that it was handled. */
  protected async unlessClosed(sent: Promise<unknown>): Promise<void> {
    const answered = sent.catch(async (error: unknown) => {
      // The error may come before the news that explains it.
      const gone = within(this.#gone, { timeoutMs: NEWS_TIMEOUT_MS, what: "the page to close" });
      await gone.catch(() => Promise.reject(error));
    });
    await Promise.race([answered, this.#gone]);
  }

  protected frameOf(id: string): Frame {
    return {
      url: () => this.urlOf(id),
      eval: async (script, ...args) => {
        await this.ready;
        return this.evaluate(id, sourceOf(script, args));
      },
      waitFor: async <T>(script: Script<T, []>, options: WaitOptions = {}) => {
        await this.ready;
        const source = sourceOf(script, []);
        return poll(async () => (await this.evaluate<T>(id, source)) || undefined, {
          ...options,
          what: `${typeof script === "string" ? script : script.toString()} in ${this.urlOf(id)}`,
        });
      },
      click: async (selector, options = {}) => {
        await this.ready;
        await this.clickIn(id, selector, options);
      },
    };
  }
}

const NEWS_TIMEOUT_MS = 500;
