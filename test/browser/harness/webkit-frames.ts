import type { FrameInfo } from "./frame-list.ts";
import type { FramesToPointInto, Point } from "./pointing.ts";
import { throughFrameElement } from "./pointing.ts";
import { poll } from "./poll.ts";
import { elementId, type ElementReference, elementReference, type WebDriver } from "./webdriver.ts";
import { askingScript, type Outcome, startingScript } from "./webkit-scripts.ts";

const EVAL_TIMEOUT_MS = 10_000;
const TOP = "";

/**
 * The frames of one window. WebDriver has no names for frames: here a frame's id is the elements on the way to it, which are
 * the same as long as the documents around the frame live.
 */
export class WebKitFrames implements FramesToPointInto {
  readonly top = TOP;
  readonly #driver: WebDriver;
  readonly #handle: string;
  readonly #urls = new Map<string, string>();
  #lastKey = 0;

  constructor(driver: WebDriver, handle: string) {
    this.#driver = driver;
    this.#handle = handle;
  }

  /** As of the last command. */
  url(id: string): string {
    return this.#urls.get(id) ?? "";
  }

  parentOf(id: string): string | undefined {
    if (id === TOP) return undefined;
    return id.split("/").slice(0, -1).join("/");
  }

  /**
   * Does something in a frame. Going there moves the focus (the driver's doing, no visitor would see it), so it is left out
   * when the session is there already.
   */
  inFrame<T>(id: string, steps: () => Promise<T>): Promise<T> {
    return this.#driver.exclusive(async () => {
      try {
        if (this.#driver.place !== this.#placeOf(id)) await this.#goTo(id);
        return await steps();
      } catch (error) {
        this.#driver.place = undefined;
        throw error;
      }
    });
  }

  /** Does something in the frame of the last command, where the focus is; in the page if the last command was for another. */
  whereFocused<T>(steps: () => Promise<T>): Promise<T> {
    return this.#driver.exclusive(async () => {
      if (this.#driver.place?.startsWith(this.#placeOf(TOP)) !== true) await this.#goTo(TOP);
      return steps();
    });
  }

  /** Every frame below the page's own, in the order of the documents. */
  list(): Promise<FrameInfo[]> {
    return this.inFrame(TOP, async () => {
      const found: FrameInfo[] = [];
      // It comes back to where it began.
      await this.#collect(TOP, found);
      return found;
    });
  }

  async evaluate<T>(id: string, expression: string): Promise<T> {
    const key = String(++this.#lastKey);
    let outcome = await this.#run(id, startingScript(expression, key));
    if (outcome.state === "pending") {
      outcome = await poll(
        async () => {
          const now = await this.#run(id, askingScript(key));
          return now.state !== "pending" && now;
        },
        { timeoutMs: EVAL_TIMEOUT_MS, what: `the value of ${expression.slice(0, 200)}` },
      );
    }
    if (outcome.state === "thrown") throw new Error(outcome.message);
    if (outcome.state !== "done")
      throw new Error(`The document was left before ${expression.slice(0, 200)} had a value.`);
    return (outcome.json === undefined ? undefined : JSON.parse(outcome.json)) as T;
  }

  throughFrameElement(id: string, parentId: string, point: Point): Promise<Point> {
    const element = id.split("/").at(-1) ?? "";
    return this.inFrame(parentId, () =>
      this.#driver.post<Point>("/execute/sync", {
        script: `return (${throughFrameElement.toString()})(...arguments);`,
        args: [elementReference(element), point],
      }),
    );
  }

  async #run(id: string, script: string): Promise<Outcome> {
    const outcome = await this.inFrame(id, () => this.#driver.post<Outcome>("/execute/sync", { script, args: [] }));
    this.#urls.set(id, outcome.url);
    return outcome;
  }

  #placeOf(id: string): string {
    return `${this.#handle} ${id}`;
  }

  async #goTo(id: string): Promise<void> {
    this.#driver.place = undefined;
    await this.#driver.post("/window", { handle: this.#handle });
    await this.#driver.post("/frame", { id: null });
    for (const element of id.split("/").slice(1)) await this.#driver.post("/frame", { id: elementReference(element) });
    this.#driver.place = this.#placeOf(id);
  }

  async #collect(id: string, found: FrameInfo[]): Promise<void> {
    const elements = await this.#driver.post<ElementReference[]>("/execute/sync", {
      script: `return (${frameElements.toString()})(document);`,
      args: [],
    });
    for (const element of elements) {
      const childId = `${id}/${elementId(element)}`;
      await this.#driver.post("/frame", { id: element });
      const url = await this.#driver.post<string>("/execute/sync", { script: "return location.href;", args: [] });
      this.#urls.set(childId, url);
      found.push({ id: childId, parentId: id, url });
      await this.#collect(childId, found);
      await this.#driver.post("/frame/parent");
    }
  }
}

/** Runs in the page. Shadow roots are looked into, unless they are closed. */
function frameElements(root: Document | ShadowRoot): Element[] {
  const inner = (root: Document | ShadowRoot): Element[] =>
    [...root.querySelectorAll("*")].flatMap((element) => {
      if (element.localName === "iframe") return [element];
      return element.shadowRoot === null ? [] : inner(element.shadowRoot);
    });
  return inner(root);
}
