import type { WaitOptions } from "./browser.ts";
import { poll } from "./poll.ts";

export interface Point {
  x: number;
  y: number;
}

/** What pointing needs to know of an engine's frames. */
export interface FramesToPointInto {
  evaluate<T>(frameId: string, expression: string): Promise<T>;
  parentOf(frameId: string): string | undefined;
  /** Calls `throughFrameElement` in the parent, on the element that holds the frame. */
  throughFrameElement(frameId: string, parentId: string, point: Point): Promise<Point>;
}

/** The middle of an element, in the viewport of its frame and in that of the page. */
export interface Place {
  inFrame: Point;
  inPage: Point;
}

/** Where an element is, once a mouse would hit its middle. */
export async function placeOf(
  frames: FramesToPointInto,
  frameId: string,
  selector: string,
  options: WaitOptions,
): Promise<Place> {
  let previous: Point | undefined;
  return poll(
    async () => {
      const inFrame = await frames.evaluate<Point>(frameId, middleOfSource(selector));
      let point = inFrame;
      for (let id = frameId; ;) {
        const parentId = frames.parentOf(id);
        if (parentId === undefined) break;
        point = await frames.throughFrameElement(id, parentId, point);
        id = parentId;
      }
      const still = previous?.x === point.x && previous.y === point.y;
      previous = point;
      return still && { inFrame, inPage: point };
    },
    { ...options, what: `${selector} to be visible and uncovered` },
  );
}

/** A script that scrolls to an element, and whose value is its middle. Throws when something covers it there. */
export function middleOfSource(selector: string): string {
  return `(${middleOf.toString()})((${elementOf.toString()})(${JSON.stringify(selector)}), ${JSON.stringify(selector)})`;
}

// The three below run in the page, each by itself.

/** `a >>> b` looks for b in a's shadow root. */
export function elementOf(selector: string): Element | null {
  const [first = "", ...rest] = selector.split(">>>").map((part) => part.trim());
  let element = document.querySelector(first);
  for (const part of rest) element = element?.shadowRoot?.querySelector(part) ?? null;
  return element;
}

function middleOf(element: Element | null, selector: string): Point {
  if (element === null) throw new Error(`There is no ${selector}.`);
  element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  const box = element.getBoundingClientRect();
  const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const hit = (element.getRootNode() as Document | ShadowRoot).elementFromPoint(point.x, point.y);
  if (hit === null || !(element.contains(hit) || (hit instanceof HTMLLabelElement && hit.control === element))) {
    throw new Error(
      `${selector} is ${box.width} × ${box.height} and ${hit === null ? "out of view" : `covered by <${hit.localName}>`}.`,
    );
  }
  return point;
}

export function throughFrameElement(element: HTMLIFrameElement, point: Point): Point {
  const style = getComputedStyle(element);
  const here = (): Point => {
    const box = element.getBoundingClientRect();
    return {
      x: point.x + box.x + element.clientLeft + parseFloat(style.paddingLeft),
      y: point.y + box.y + element.clientTop + parseFloat(style.paddingTop),
    };
  };
  const before = here();
  // In WebKit, what happens in a cross-site frame does not scroll the page around it.
  if (before.x < 0 || before.y < 0 || before.x >= innerWidth || before.y >= innerHeight)
    scrollBy({ left: before.x - innerWidth / 2, top: before.y - innerHeight / 2, behavior: "instant" });
  const { x, y } = here();
  if ((element.getRootNode() as Document | ShadowRoot).elementFromPoint(x, y) !== element)
    throw new Error(`The frame is hidden or covered at ${x}, ${y}.`);
  return { x, y };
}
